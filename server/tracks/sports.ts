/**
 * Sports are named by Strava's `sport_type` words (Ride, TrailRun …). Files name them in many ways; what has no
 * word at Strava keeps its own, written in the same manner.
 */

/** The word for a sport that nobody named. */
export const UNKNOWN_SPORT = 'Workout';

/** Sports between which devices, apps and their owners do not distinguish reliably. */
const FAMILIES: Record<string, string> = {
  cycling: 'Ride MountainBikeRide GravelRide EBikeRide EMountainBikeRide Velomobile Handcycle VirtualRide',
  foot: 'Run TrailRun VirtualRun Walk Hike Snowshoe Wheelchair',
  snow: 'AlpineSki BackcountrySki NordicSki Snowboard',
  skating: 'IceSkate InlineSkate RollerSki Skateboard',
  paddling: 'Rowing VirtualRow Canoeing Kayaking StandUpPaddling',
  wind: 'Sail Windsurf Kitesurf',
  water: 'Swim Surfing',
  courts: 'Badminton Padel Pickleball Racquetball Squash TableTennis Tennis',
  fields: 'Basketball Cricket Golf Soccer Volleyball',
  indoors:
    'Crossfit Dance Elliptical HighIntensityIntervalTraining PhysicalTherapy Pilates RockClimbing StairStepper WeightTraining Yoga',
};

const familyOf = new Map(
  Object.entries(FAMILIES).flatMap(([family, words]) => words.split(' ').map((word) => [word, family])),
);

/** All words that Strava had when this was written. */
export const SPORTS: readonly string[] = [...familyOf.keys(), UNKNOWN_SPORT].sort();

/** Whether two words may be said of one outing. A recording that does not know its sport goes with any. */
export function sameFamily(a: string, b: string): boolean {
  if (a === b || a === UNKNOWN_SPORT || b === UNKNOWN_SPORT) return true;
  const family = familyOf.get(a);
  return family !== undefined && family === familyOf.get(b);
}

/** Whether the positions of this sport are invented. */
export function isVirtualSport(sport: string): boolean {
  return sport.startsWith('Virtual');
}

/**
 * What other systems and languages call them: GPX and TCX files of the common devices and apps, and Strava's
 * own website in the languages whose exports were seen. Compared without case, accents, blanks and signs.
 */
const OTHER_WORDS: Record<string, string> = {
  Ride: `cycling biking bike bicycle road_biking road_cycling track_cycling cyclocross cycling_sport cycling_transport
    bmx recumbent_cycling roadbike Radfahrt Radfahren Fahrrad Fahrradfahren Rennrad Rennradfahren velo cyclisme Sortie-vélo Sortie-à-vélo
    ciclismo bicicleta bici Salida-en-bicicleta Giro pedalada fiets fietsen fietsrit wielrennen cykling cykeltur sykkeltur
    Rower jazda-na-rowerze велосипед велозаезд Заезд ライド 骑行 騎行`,
  MountainBikeRide: `mountain_biking mountainbike mountain_bike mountainbiking mtb downhill_biking enduro_mtb
    Mountainbikefahrt Mountainbike-Fahrt VTT bicicleta-de-montaña mountainbiken`,
  GravelRide: `gravel gravel_cycling gravel_biking gravel_unpaved_cycling Gravel-Fahrt Gravelfahrt`,
  EBikeRide: `e_bike ebike ebiking e_bike_fitness e_biking electric_bike E-Bike-Fahrt vélo-électrique vélo-à-assistance-électrique`,
  EMountainBikeRide: `e_bike_mountain e_mountain_bike emtb E-Mountainbike-Fahrt`,
  Handcycle: `hand_cycling handbike`,
  VirtualRide: `virtual_cycling virtual_biking virtual_bike Virtuelle-Radfahrt Virtuelle-Fahrt Sortie-virtuelle-à-vélo vélo-virtuel
    ciclismo-virtual Pedalada-virtual`,
  Run: `running jogging jog street_running road_running track_running treadmill_running treadmill indoor_running ultra_run obstacle_run
    Lauf Laufen Joggen course-à-pied course footing Carrera correr corsa corrida hardlopen hardloopsessie løb løbetur løpetur
    löpning juoksu bieg bieganie бег пробежка Забег ラン ランニング 跑步`,
  TrailRun: `trail_running trail trailrunning Traillauf Trail-Lauf Trailrun course-à-pied-en-sentier trail-run`,
  VirtualRun: `virtual_running Virtueller-Lauf course-à-pied-virtuelle`,
  Walk: `walking casual_walking speed_walking nordic_walking indoor_walking dog_walking Spaziergang Gehen marche promenade
    caminata caminar paseo camminata passeggiata caminhada wandeling wandelen gåtur promenad kävely spacer прогулка ходьба ウォーキング 步行`,
  Hike: `hiking trekking backpacking mountaineering mountain_hiking Wanderung Wandern randonnée senderismo excursión
    escursione escursionismo trilha hiken vandring fottur vaellus wędrówka поход ハイキング 徒步`,
  Swim: `swimming lap_swimming open_water_swimming open_water pool_swimming Schwimmen natation natación nadar nuoto natação
    zwemmen svømning svømming simning uinti pływanie плавание 游泳 スイム`,
  AlpineSki: `alpine_skiing downhill_skiing resort_skiing resort_skiing_snowboarding_ws skiing ski Ski-Alpin Skifahren ski-alpino
    esquí-alpino sci-alpino alpineskiën`,
  BackcountrySki: `backcountry_skiing ski_touring backcountry_skiing_snowboarding_ws Skitour Skitouren ski-de-randonnée
    esquí-de-travesía sci-alpinismo`,
  NordicSki: `cross_country_skiing cross_country_skiing_ws skate_skiing_ws nordic_skiing skate_skiing Langlauf Skilanglauf
    ski-de-fond ski-nordique esquí-de-fondo esquí-nórdico sci-nordico sci-di-fondo langlaufen`,
  Snowboard: `snowboarding`,
  Snowshoe: `snowshoeing snow_shoe snow_shoe_ws Schneeschuhlaufen Schneeschuhwanderung raquettes raquetas-de-nieve ciaspole`,
  IceSkate: `ice_skating skating_ws Eislaufen patin-à-glace patinaje-sobre-hielo pattinaggio-su-ghiaccio schaatsen`,
  InlineSkate: `inline_skating inline_skates roller rollerblading Inlineskaten Inlineskating patinaje-en-línea`,
  RollerSki: `roller_skiing Skiroller Rollski`,
  Rowing: `rowing_v2 Rudern aviron remo canottaggio roeien`,
  VirtualRow: `virtual_rowing indoor_rowing`,
  Canoeing: `canoe Kanu Kanufahren canoë`,
  Kayaking: `kayak paddling kayaking_v2 whitewater_rafting_kayaking Kajak Kajakfahren`,
  StandUpPaddling: `stand_up_paddleboarding stand_up_paddle sup paddleboarding`,
  Sail: `sailing sailing_v2 boating Segeln voile vela zeilen`,
  Surfing: `surf Surfen`,
  Windsurf: `windsurfing Windsurfen`,
  Kitesurf: `kitesurfing kiteboarding Kitesurfen`,
  RockClimbing: `climbing rock_climbing_ws indoor_climbing bouldering Klettern escalade escalada arrampicata`,
  WeightTraining: `strength_training strength weights Krafttraining Gewichtstraining musculation Entraînement-aux-poids`,
  StairStepper: `stair_climbing stairs floor_climbing`,
  HighIntensityIntervalTraining: `hiit`,
  Soccer: `football`,
  Workout: `other generic training cardio cardio_training indoor_cardio fitness fitness_equipment uncategorized
    exercise Entraînement entrenamiento allenamento treino`,
};

/** GPX files that Strava itself wrote before it used words. */
const STRAVA_NUMBERS: Record<string, string> = {
  1: 'Ride',
  2: 'AlpineSki',
  3: 'BackcountrySki',
  4: 'Hike',
  5: 'IceSkate',
  6: 'InlineSkate',
  7: 'NordicSki',
  8: 'RollerSki',
  9: 'Run',
  10: 'Walk',
  11: 'Workout',
  12: 'Snowboard',
  13: 'Snowshoe',
  14: 'Kitesurf',
  15: 'Windsurf',
  16: 'Swim',
};

const known = new Map<string, string>(Object.entries(STRAVA_NUMBERS));
for (const [sport, words] of Object.entries(OTHER_WORDS)) {
  for (const word of words.split(/\s+/)) known.set(bare(word), sport);
}
for (const sport of SPORTS) known.set(bare(sport), sport);

/** The word for what a file calls a sport, if it is one we have met; null else. */
export function knownSport(text: string): string | null {
  return known.get(bare(text.slice(0, 80))) ?? null;
}

/**
 * The word for what a file calls a sport: `mountain_biking` → MountainBikeRide, `Ice Climbing` → IceClimbing.
 * null where it cannot be written as one word of ASCII letters and digits, as filters want it.
 */
export function sportOf(text: string | null | undefined): string | null {
  if (!text) return null;
  const sport = knownSport(text);
  if (sport !== null) return sport;
  const words = stripped(text)
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const joined = words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
  return /^[A-Za-z]\w{0,39}$/.test(joined) ? joined : null;
}

/** FIT `sport` numbers. Those that are missing say as little as `generic`. */
const FIT_SPORTS: Record<number, string> = {
  1: 'Run',
  2: 'Ride',
  5: 'Swim',
  6: 'Basketball',
  7: 'Soccer',
  8: 'Tennis',
  11: 'Walk',
  12: 'NordicSki',
  13: 'AlpineSki',
  14: 'Snowboard',
  15: 'Rowing',
  16: 'Hike',
  17: 'Hike',
  19: 'Kayaking',
  20: 'Flying',
  21: 'EBikeRide',
  22: 'Motorcycling',
  23: 'Sail',
  24: 'Driving',
  25: 'Golf',
  27: 'HorsebackRiding',
  30: 'InlineSkate',
  31: 'RockClimbing',
  32: 'Sail',
  33: 'IceSkate',
  35: 'Snowshoe',
  36: 'Snowmobiling',
  37: 'StandUpPaddling',
  38: 'Surfing',
  41: 'Kayaking',
  43: 'Windsurf',
  44: 'Kitesurf',
  48: 'StairStepper',
  62: 'HighIntensityIntervalTraining',
  65: 'Wheelchair',
  66: 'Wheelchair',
  71: 'Cricket',
  75: 'Volleyball',
  83: 'Dance',
  88: 'Canoeing',
};

/** FIT `sub_sport` numbers that name another sport, whatever the `sport`; of one sport only where it stands before. */
const FIT_SUB_SPORTS: Record<string, string> = {
  '1/3': 'TrailRun',
  '1/67': 'TrailRun',
  '1/58': 'VirtualRun',
  '2/8': 'MountainBikeRide',
  '2/9': 'MountainBikeRide',
  '2/12': 'Handcycle',
  '2/28': 'EBikeRide',
  '2/46': 'GravelRide',
  '2/47': 'EMountainBikeRide',
  '2/127': 'EMountainBikeRide',
  '2/58': 'VirtualRide',
  '21/47': 'EMountainBikeRide',
  '13/37': 'BackcountrySki',
  '12/37': 'BackcountrySki',
  '14/37': 'BackcountrySki',
  '15/58': 'VirtualRow',
  '4/15': 'Elliptical',
  '4/16': 'StairStepper',
  '4/14': 'Rowing',
  '10/20': 'WeightTraining',
  '10/43': 'Yoga',
  '10/44': 'Pilates',
  '4/43': 'Yoga',
  '4/44': 'Pilates',
  '31/68': 'RockClimbing',
  '64/84': 'Pickleball',
  '64/85': 'Padel',
  '64/94': 'Squash',
  '64/95': 'Badminton',
  '64/96': 'Racquetball',
  '64/97': 'TableTennis',
};

/** FIT `sub_sport`: a game's world. */
export const FIT_VIRTUAL = 58;

/** From FIT's numbers; null where they say nothing (generic, invalid, never heard of). */
export function fitSport(sport: number, subSport: number): string | null {
  return FIT_SUB_SPORTS[`${sport}/${subSport}`] ?? FIT_SPORTS[sport] ?? null;
}

/** The letters and digits alone, small, without accents. */
function bare(text: string): string {
  return stripped(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function stripped(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('ß', 'ss');
}
