"""Tables of units of measure: UNECE Recommendations 20 and 21, X12 element 355, printed words.

Only units that invoices and delivery papers of goods use. A printed word that means more than one
unit is in several rows; the order of the rows is the order of likelihood.
"""

# code, name, dimension, factor to the dimension's unit ("" = none), words (folded: lower case, no
# accents, letters and digits only; "=M" matches only as it stands). The dimensions' units are one
# article, kilogram, metre, square metre, litre, second, day and kilowatt hour. Working days and
# hours have no fixed ratio, so they are different dimensions. A package has no factor of its own.
UNITS: tuple[tuple[str, str, str, str, str], ...] = (
    ("C62", "one", "count", "1", "unit units un uni unidad unidades ud uds und unds unite unites "
     "u einheit einh unita x"),
    ("EA", "each", "count", "1", "ea each eaches eac chacun cada"),
    ("H87", "piece", "count", "1", "pc pcs pce pces piece pieces stk stck stuck stueck stucke st "
     "pieza piezas pza pzas pz pezzo pezzi no nos nr nbr num numero "
     "szt sztuka sztuk ks kus kusy db darab buc bucata bucati adet styck kappale peca pecas "
     "\u0448\u0442 \u0431\u0440 \u500b \u4e2a \u4ef6"),
    ("NAR", "number of articles", "count", "1", "art article articles articulo articulos articolo"),
    ("PR", "pair", "count", "2", "pr prs pair pairs paar paire paires par pares paio paia"),
    ("DZN", "dozen", "count", "12", "dz doz dzn dozen dozens dutzend dtz dtzd douzaine douzaines "
     "dzne docena docenas doc dozzina dozzine"),
    ("GRO", "gross", "count", "144", "gro gross grs"),
    ("CEN", "hundred", "count", "100", "=C =c cen hundred hundreds hu hc cent ciento cto "
     "cento hundert"),
    ("MTR", "metre", "length", "1", "m mtr mtrs mt metre metres meter meters metro metros metri "
     "lfm lfdm laufmeter"),
    ("MIL", "thousand", "count", "1000", "=M mil mille th ths thou thousand thsd tsd tausend "
     "millar millares migliaio mpc mpcs"),
    ("SET", "set", "set", "", "set sets satz garnitur jeu juego kpl"),
    ("KT", "kit", "set", "", "kit kits kt"),
    ("RM", "ream", "set", "", "rm ream reams ries rame resma risma"),
    ("LS", "lump sum", "service", "", "ls lumpsum pauschal pausch psch forfait global"),
    ("E48", "service unit", "service", "", "service services servizio servicio leistung le"),
    ("KGM", "kilogram", "mass", "1", "kg kgs kgm kilo kilos kilogram kilograms kilogramm "
     "kilogramme kilogrammes kilogramo kilogramos chilo chili"),
    ("GRM", "gram", "mass", "0.001", "g gr grm gram grams gramm gramme grammes gramo gramos "
     "grammo grammi"),
    ("MGM", "milligram", "mass", "0.000001", "mg mgm milligram milligramm"),
    ("TNE", "tonne", "mass", "1000", "t to tne tonne tonnes tonnen mton tonelada toneladas "
     "tonnellata"),
    ("LBR", "pound", "mass", "0.45359237", "lb lbs lbr pound pounds libra libras"),
    ("ONZ", "ounce", "mass", "0.028349523125", "oz ozs onz ounce ounces onza onzas"),
    ("CWA", "hundredweight (US)", "mass", "45.359237", "cwt cwa"),
    ("STN", "ton (US)", "mass", "907.18474", "stn tn shortton nettons netton"),
    ("LTR", "litre", "volume", "1", "l lt ltr ltrs lit litre litres liter liters litro litros "
     "litri"),
    ("MLT", "millilitre", "volume", "0.001", "ml mlt millilitre milliliter"),
    ("CLT", "centilitre", "volume", "0.01", "cl clt centilitre zentiliter"),
    ("DLT", "decilitre", "volume", "0.1", "dl dlt"),
    ("HLT", "hectolitre", "volume", "100", "hl hlt hektoliter"),
    ("MTQ", "cubic metre", "volume", "1000", "m3 mtq cbm kubikmeter cubm mc"),
    ("GLL", "gallon (US)", "volume", "3.785411784", "gal gals gll ga gallon gallons"),
    ("QTL", "liquid quart (US)", "volume", "0.946352946", "qt qts qtl quart quarts"),
    ("PTL", "liquid pint (US)", "volume", "0.473176473", "pt pint pints ptl"),
    ("OZA", "fluid ounce (US)", "volume", "0.0295735295625", "floz oza fluidounce"),
    ("MMT", "millimetre", "length", "0.001", "mm mmt"),
    ("CMT", "centimetre", "length", "0.01", "cm cmt"),
    ("KMT", "kilometre", "length", "1000", "km kmt kilometer kilometre"),
    ("INH", "inch", "length", "0.0254", "in inh inch inches"),
    ("FOT", "foot", "length", "0.3048", "ft fot foot feet lf"),
    ("YRD", "yard", "length", "0.9144", "yd yds yrd yard yards"),
    ("SMI", "mile", "length", "1609.344", "mi mile miles smi"),
    ("MTK", "square metre", "area", "1", "m2 mtk qm sqm quadratmeter mq"),
    ("CMK", "square centimetre", "area", "0.0001", "cm2 cmk qcm"),
    ("FTK", "square foot", "area", "0.09290304", "sf sqft ft2 ftk"),
    ("YDK", "square yard", "area", "0.83612736", "sy sqyd yd2 ydk"),
    ("SEC", "second", "time", "1", "sec secs sek second seconds"),
    ("MIN", "minute", "time", "60", "min mins minute minutes minuten minuto minutos minuti"),
    ("HUR", "hour", "time", "3600", "h hr hrs hur hour hours std stunde stunden heure heures hora "
     "horas ora ore"),
    ("DAY", "day", "days", "1", "day days da tag tage tg jour jours dia dias giorno giorni gg"),
    ("WEE", "week", "days", "7", "wk wks wee week weeks woche wochen semaine semana settimana"),
    ("MON", "month", "month", "1", "mo mos mon mth month months monat monate mois mes meses mese "
     "mesi"),
    ("ANN", "year", "month", "12", "yr yrs ann year years jahr jahre annee ano anno"),
    ("KWH", "kilowatt hour", "energy", "1", "kwh"),
    ("MWH", "megawatt hour", "energy", "1000", "mwh"),
    ("XCS", "case", "package", "", "cs ca case cases cse kiste kisten ki caisse caisses caja cajas "
     "cja cassa casse"),
    ("XCA", "can, rectangular", "package", "", "ca can"),
    ("XCX", "can, cylindrical", "package", "", "cn can cans dose dosen lata latas lattina"),
    ("XCT", "carton", "package", "", "ct ctn ctns carton cartons karton kartons kartone krt kar "
     "cart cartone cartoni colis"),
    ("XBX", "box", "package", "", "bx bxs box boxes schachtel schachteln boite boites bte scatola "
     "scatole sc"),
    ("XPK", "package", "package", "", "pk pkg pkgs pkt pack packs package packages packung "
     "packungen pck pak paket pakete ve gebinde geb paquete paquetes paq paquet paquets conf "
     "confezione confezioni cf pacco pacchi pac"),
    ("XPA", "packet", "package", "", "pa packet packets packchen"),
    ("XPC", "parcel", "package", "", "parcel parcels"),
    ("XPX", "pallet", "package", "", "pl plt plts pal pallet pallets palette paletten palettes "
     "pale palet bancale pedana px"),
    ("XPL", "pail", "package", "", "pl pa pail pails eimer seau cubo secchio"),
    ("XPF", "pen", "package", "", "pf"),
    ("XBG", "bag", "package", "", "bg bag bags beutel bolsa bolsas sachet busta"),
    ("XSA", "sack", "package", "", "sa sack sacks sacke sck sac sacs saco sacos sacco sacchi"),
    ("XBO", "bottle", "package", "", "bo bt btl btls bottle bottles flasche flaschen fl bouteille "
     "bouteilles botella botellas bottiglia bottiglie"),
    ("XRO", "roll", "package", "", "ro rl rol roll rolls rolle rollen rouleau rouleaux rollo "
     "rollos rotolo rotoli"),
    ("XRL", "reel", "package", "", "rl re reel reels spule bobine"),
    ("XCL", "coil", "package", "", "cl coil coils"),
    ("XDR", "drum", "package", "", "dr drm drum drums fass fut tambor fusto"),
    ("XBA", "barrel", "package", "", "ba bbl barrel barrels"),
    ("XCR", "crate", "package", "", "crate crates"),
    ("XPU", "tray", "package", "", "pu tray trays tablett plateau bandeja vassoio"),
    ("XTU", "tube", "package", "", "tu tb tube tubes tubo"),
    ("XTB", "tub", "package", "", "tb tub tubs"),
    ("XTN", "tin", "package", "", "tn tin tins"),
    ("XJR", "jar", "package", "", "jr jar jars glas bocal tarro vaso"),
    ("XBE", "bundle", "package", "", "be bdl bundle bundles bund bd fardo"),
    ("XBH", "bunch", "package", "", "bh bunch bunches"),
    ("XEN", "envelope", "package", "", "en ev envelope envelopes"),
    ("XST", "sheet", "package", "", "sht sh sheet sheets blatt bogen feuille feuilles hoja foglio"),
    ("XCN", "container", "package", "", "cn container containers"),
    ("XCI", "canister", "package", "", "kan kanister canister bidon"),
    ("XBI", "bin", "package", "", "bin bins"),
    ("XVI", "vial", "package", "", "vi vial vials"),
    ("XAM", "ampoule, non-protected", "package", "", "am amp ampoule ampoules ampulle ampullen"),
    ("XLT", "lot", "package", "", "lt lo lot lots los partie lote lotto"),
)  # fmt: skip

# X12 element 355 (read in release 004010). CS is "cassette" there, but vendors who send it mean a
# case, as the printed word does.
X12: dict[str, str] = {
    "BG": "XBG",
    "BO": "XBO",
    "BX": "XBX",
    "CA": "XCS",
    "CM": "CMT",
    "CN": "XCX",
    "CS": "XCS",
    "CT": "XCT",
    "DA": "DAY",
    "DR": "XDR",
    "DZ": "DZN",
    "EA": "EA",
    "FT": "FOT",
    "GA": "GLL",
    "GR": "GRM",
    "GS": "GRO",
    "HC": "CEN",
    "HR": "HUR",
    "IN": "INH",
    "JR": "XJR",
    "KG": "KGM",
    "KT": "KT",
    "LB": "LBR",
    "LO": "XLT",
    "LT": "LTR",
    "ML": "MLT",
    "MM": "MMT",
    "MO": "MON",
    "MR": "MTR",
    "OZ": "ONZ",
    "PA": "XPL",
    "PC": "H87",
    "PK": "XPK",
    "PL": "XPX",
    "PR": "PR",
    "PT": "PTL",
    "QT": "QTL",
    "RL": "XRO",
    "RM": "RM",
    "SF": "FTK",
    "SH": "XST",
    "ST": "SET",
    "SY": "YDK",
    "TB": "XTU",
    "TH": "MIL",
    "TN": "STN",
    "UN": "C62",
    "VI": "XVI",
    "YD": "YRD",
}

# Codes of UNECE Rec 20 that were replaced and are still sent.
UNECE_RETIRED: dict[str, str] = {"PCE": "H87"}

# X12 element 639, basis of unit price: how many units the price is for.
PRICE_BASIS: dict[str, str] = {"PE": "1", "PN": "10", "PD": "12", "HP": "100", "TP": "1000"}
