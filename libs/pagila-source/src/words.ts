/** First names; some with letters that ASCII does not have. */
export const firstNames = (
  'ADA AGNES AMIR ANA BJÖRN BRUNO CARLA CHLOÉ DAAN DORA EDITH ELIF EMIL FATIMA FELIX FLORA GRETA HANA HUGO IDA INGRID IVAN ' +
  'JIN JOSÉ JUNE KAMAL KLARA LARS LENA LEO LINA LUCÍA MAEVE MARCO MILA NADIA NILS NOOR OLGA OMAR OTTO PAOLA PER PETRA ' +
  'QUINN RANI REMY ROSA RUTH SAMI SELMA SØREN TESSA THEO UMA VERA VICTOR WANDA YUSUF ZOË'
).split(' ');

/** Last names; some with an apostrophe, a hyphen or a blank inside. */
export const lastNames = [
  ...(
    'ABARA ALMEIDA BAKKER BAUER BENNETT BERG BIANCHI BLANC CASTRO CHEN COHEN COSTA DAHL DIALLO DUBOIS EKLUND ERDEM FARKAS ' +
    'FISCHER FONTAINE GARCÍA GRAHAM GUPTA HANSEN HAYASHI HOLM IBRAHIM IVANOVA JANSEN JOSHI KAYA KELLER KIM KOWALSKI ' +
    'KRÜGER LANGE LARSEN LEROY LINDQVIST LOPEZ MARINO MAYER MENSAH MORI MÜLLER NAKAMURA NGUYEN NOVÁK OKAFOR OLSEN PARK ' +
    'PEREIRA PETROV RAMOS ROSSI ROY SANTOS SATO SCHMITT SILVA SINGH SOTO STEIN SZABÓ TANAKA TORRES VARGA VEGA WAGNER WEISS ' +
    'WONG YILMAZ ŻUREK'
  ).split(' '),
  "O'HARA",
  "D'AMICO",
  'SMITH-JONES',
  'VAN DIJK',
  'DE LA CRUZ',
];

/** First words of film titles. */
export const titleOpenings = (
  'AMBER ANCIENT BITTER BLIND BORROWED BROKEN CARELESS CLOUDY COPPER CROOKED DISTANT DOUBLE EARLY ELECTRIC EMPTY FADED ' +
  'FALLEN FROZEN GENTLE GOLDEN HIDDEN HOLLOW IRON LAST LOUD LUCKY MIDNIGHT MISSING NARROW NORTHERN OPEN PAPER PATIENT ' +
  'QUIET RED RESTLESS SALTY SECOND SECRET SILENT SLOW STOLEN STUBBORN SUDDEN TENDER THIRD VELVET WANDERING WILD WINTER'
).split(' ');

/** Last words of film titles. */
export const titleEndings = (
  'ACCORDION ANCHOR ARCHIVE BALLOON BRIDGE CARAVAN CARPET COMPASS CROSSING CURTAIN DETOUR ECLIPSE ELEVATOR EMBASSY FERRY ' +
  'FESTIVAL GARDEN GLACIER HARBOR HARVEST HORIZON INTERVAL ISLAND JOURNEY KITCHEN LABYRINTH LANTERN LIGHTHOUSE MARKET ' +
  'MIRROR MONSOON MUSEUM NEIGHBOR ORCHARD PARADE PASSAGE PENDULUM PILOT PROMISE QUARTET RIVER SATELLITE SHADOW STATION ' +
  'SUMMIT TELEGRAM THEATER TRAIN UMBRELLA VOYAGE'
).split(' ');

/** What a film's description calls the film. */
export const kinds = [
  'a slow tale',
  'a brisk chronicle',
  'a tender portrait',
  'a dry comedy',
  'a naïve fable',
  'a dark saga',
];

/** Who acts in a description. */
export const heroes = [
  ...['a beekeeper', 'a cartographer', 'a retired boxer', 'a court painter', 'a ferry captain', 'a young chemist'],
  ...['a piano tuner', 'a night nurse', 'a tax inspector', 'a crocodile', 'a lighthouse keeper', 'an astronaut'],
];

/** What they do. */
export const deeds = ['must outwit', 'has to rescue', 'falls for', 'quarrels with', 'sails after', 'cannot forget'];

/** Where. */
export const scenes = [
  ...[
    'in a café of Montréal',
    'on a frozen lake',
    'in an abandoned mine',
    'below the old bridge',
    'at the edge of the steppe',
  ],
  ...['on a tram', 'in a flooded city', 'behind the opera', 'on the last train', 'in a garden of glass'],
];

/** Endings that a loader must bring through: tab, line breaks, backslashes, quotes, braces, the words for NULL. */
export const oddEndings = [
  ' \t(with a tab)',
  '\nSecond line.\r\nThird line.',
  ' C:\\films\\new \\N \\.',
  ' The critics: "it\'s fine", they said.',
  ' {a,"b",NULL}',
  ' ☃ 映画 🎬',
  ', null',
  ' ',
];

/** Streets, for addresses. */
export const streets = [
  ...[
    'Alder Street',
    'Station Road',
    'Rue de l’Église',
    'Calle Mayor',
    'Königsallee',
    "Saint John's Walk",
    'Mill Lane',
  ],
  ...['Harbour Drive', 'Via Roma', 'Øvre Gate', 'Long Row', 'Quarry Hill', 'Orchard Avenue', 'Market Square'],
];

/** Districts, for addresses; some addresses have an empty one. */
export const districts = [
  'Alberta',
  'Bavaria',
  'Chūbu',
  'Minas Gerais',
  'Nordland',
  'Ontario',
  'Punjab',
  'QLD',
  'Szczecin',
  '',
];
