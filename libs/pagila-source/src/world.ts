/** Countries; a list of names, each once. */
export const countries = (
  'Albania,Algeria,Angola,Argentina,Armenia,Australia,Austria,Azerbaijan,Bangladesh,Belgium,Benin,Bolivia,Botswana,Brazil,' +
  'Bulgaria,Cambodia,Cameroon,Canada,Chad,Chile,China,Colombia,Costa Rica,Croatia,Cuba,Cyprus,Czechia,Côte d’Ivoire,Denmark,' +
  'Ecuador,Egypt,Estonia,Ethiopia,Fiji,Finland,France,Gabon,Georgia,Germany,Ghana,Greece,Guatemala,Guinea,Haiti,Honduras,' +
  'Hungary,Iceland,India,Indonesia,Iraq,Ireland,Israel,Italy,Jamaica,Japan,Jordan,Kazakhstan,Kenya,Kuwait,Laos,Latvia,Lebanon,' +
  'Lithuania,Luxembourg,Madagascar,Malawi,Malaysia,Mali,Malta,Mexico,Moldova,Mongolia,Morocco,Mozambique,Namibia,Nepal,' +
  'Netherlands,New Zealand,Niger,Nigeria,Norway,Oman,Pakistan,Panama,Paraguay,Peru,Philippines,Poland,Portugal,Romania,' +
  'Rwanda,Senegal,Serbia,Slovakia,Slovenia,South Africa,Spain,Sri Lanka,Sweden,Switzerland,São Tomé and Príncipe,Tanzania,' +
  'Thailand,Tunisia,Türkiye,Uganda,Ukraine,Uruguay,Vietnam'
).split(',');

const cityOpenings = (
  'Alder,Amber,Ash,Birch,Black,Bright,Clear,Cold,Crow,Deer,East,Elm,Fair,Fox,Glen,Green,Hazel,High,Kings,Long,Maple,New,' +
  'North,Oak,Red,São ,South,Stone,West,Åsen'
).split(',');

const cityEndings =
  'bridge,brook,burgh,bury,by,dale,field,ford,gate,ham,haven,hill,land,ley,mouth,port,stead,ton,ville,wick'.split(',');

/** Six hundred cities that are on no map; each name once. */
export const cities = cityEndings.flatMap((ending) => cityOpenings.map((opening) => `${opening}${ending}`));

/** Categories of films. */
export const categories =
  'Action,Animation,Children,Classics,Comedy,Documentary,Drama,Family,Foreign,Games,Horror,Music,New,Sci-Fi,Sports,Travel'.split(
    ',',
  );

/** Languages of films. */
export const languages = ['English', 'Italian', 'Japanese', 'Mandarin', 'French', 'German'];
