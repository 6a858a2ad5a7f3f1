import type Ts from 'typescript';

/** One entry of a list in code, with the comments above it. */
export interface CodeItem {
  /** What it is known by again: a property's name, a table's entity, the file of an import. */
  readonly key: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A list in the text of a file, whose entries can be changed one by one. */
export interface CodeList {
  readonly items: readonly CodeItem[];
  /** Where the first entry of an empty list goes. */
  readonly start: number;
  /** What stands between two entries. */
  readonly separator: ',' | '';
}

/**
 * The lists that generated files are made of: imports and what they name, exports, the entries of the datakit's tables, and
 * the properties and other fields of an entity.
 */
export function codeLists(text: string, ts: typeof Ts): ReadonlyMap<string, CodeList> {
  const file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true);
  const lists = new Map<string, CodeList>();
  const item = (node: Ts.Node, key: string): CodeItem => {
    const [comment] = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
    const start = comment?.pos ?? node.getStart();
    return { key, text: text.slice(start, node.end), start, end: node.end };
  };
  const add = (name: string, nodes: Ts.NodeArray<Ts.Node>, keyOf: (node: Ts.Node) => string): void => {
    lists.set(name, { items: nodes.map((node) => item(node, keyOf(node))), start: nodes.pos, separator: ',' });
  };
  const imports: CodeItem[] = [];
  const visitCall = (node: Ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const [fields] = node.arguments;
      if (fields && ts.isObjectLiteralExpression(fields)) {
        if (node.expression.text === 'defineEntity') addEntity(fields);
        if (node.expression.text === 'defineDatakit') addTables(fields);
      }
    }
    ts.forEachChild(node, visitCall);
  };
  const nameOf = (node: Ts.Node): string =>
    'name' in node && node.name ? (node.name as Ts.Node).getText() : node.getText();
  const field = (fields: Ts.ObjectLiteralExpression, name: string): Ts.Expression | undefined =>
    fields.properties.filter(ts.isPropertyAssignment).find((each) => nameOf(each) === name)?.initializer;
  const addEntity = (fields: Ts.ObjectLiteralExpression): void => {
    const properties = field(fields, 'properties');
    if (!properties || !ts.isObjectLiteralExpression(properties)) return;
    lists.set('fields', {
      // The properties are a list of their own; here they only say where the others are.
      items: fields.properties.map((each) =>
        nameOf(each) === 'properties' ? { ...item(each, 'properties'), text: '' } : item(each, nameOf(each)),
      ),
      start: fields.properties.pos,
      separator: ',',
    });
    add('properties', properties.properties, nameOf);
  };
  const addTables = (fields: Ts.ObjectLiteralExpression): void => {
    const tables = field(fields, 'tables');
    if (!tables || !ts.isArrayLiteralExpression(tables)) return;
    add('tables', tables.elements, (node) =>
      ts.isCallExpression(node) && node.arguments[0] ? node.arguments[0].getText() : node.getText(),
    );
  };
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
      const module = statement.moduleSpecifier.text;
      const named = statement.importClause?.namedBindings;
      if (named && ts.isNamedImports(named) && !module.startsWith('.')) add(`from ${module}`, named.elements, nameOf);
      else imports.push(item(statement, module));
    } else if (ts.isExportDeclaration(statement) && !statement.moduleSpecifier && statement.exportClause) {
      if (ts.isNamedExports(statement.exportClause)) add('exports', statement.exportClause.elements, nameOf);
    } else visitCall(statement);
  }
  const lastImport = file.statements.filter((each) => ts.isImportDeclaration(each)).at(-1);
  lists.set('imports', { items: imports, start: lastImport?.end ?? 0, separator: '' });
  return lists;
}
