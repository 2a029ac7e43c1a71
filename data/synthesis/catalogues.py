"""Invented goods, services, air time and parties; composed from parts, so that few repeat."""

import random
from typing import NamedTuple

KINDS = ("goods", "food", "services", "software", "advertising", "property")

_NOUNS = {
    "goods": {
        "en": "Hex Bolt|Wire Rope Clip|Ball Valve|Copy Paper A4|LED Panel|Shelf Bracket|Nitrile Gloves|Drill Bit Set|Cable Tie|Paint Roller|Pallet Wrap|Air Filter|Bearing|Brake Pad|Toner Cartridge|Office Chair|T-Shirt|Cotton Towel|Water Bottle|Plastic Bag|Storage Box|Batteries AA|Power Supply|Hose Clamp|Wood Screw|Steel Sheet|Packing Tape|Safety Helmet|USB Cable|Garden Hose|Door Hinge|Candle|Picture Frame|Phone Case|Bath Mat|Hand Soap|Motor Oil|Coat Hanger|Spanner|Fire Extinguisher",
        "de": "Sechskantschraube|Kugelhahn|Kopierpapier A4|Kabelbinder|Farbroller|Trennblätter A4|Faltenbeutel|Dichtungsring|Stahlblech|Holzschraube|Schutzhelm|Taschenlampe|Wandregal|Handtuch|Trinkflasche|Bürostuhl|Tonerkartusche|Schlauchschelle|Luftfilter|Netzteil|Klebeband|Reinigungsmittel|Müllbeutel|Unterlegscheibe|Leergutpfand|Lagerbox|Bohrersatz|Arbeitshandschuhe|Rohrverbinder|Fensterdichtung",
        "fr": "Vis à tête hexagonale|Robinet à boisseau|Papier A4|Collier de serrage|Rouleau de peinture|Lampe de poche|Casque de chantier|Gants nitrile|Ramette de papier|Étagère murale|Serviette coton|Bouteille isotherme|Cartouche toner|Filtre à air|Kit d'étanchéité|Panneau stratifié|Receveur de douche|Ruban adhésif|Charnière|Câble électrique",
        "es": "Tornillo hexagonal|Papel A4|Guantes de nitrilo|Casco de seguridad|Cinta adhesiva|Filtro de aire|Cable eléctrico|Silla de oficina|Botella de agua|Válvula de bola|Caja de cartón|Toalla de algodón",
        "it": "Vite esagonale|Carta A4|Guanti in nitrile|Casco di sicurezza|Nastro adesivo|Filtro aria|Cavo elettrico|Sedia da ufficio|Bottiglia|Valvola a sfera|Scatola di cartone|Asciugamano",
    },
    "food": {
        "en": "Fried Rice|Iced Tea|Chicken Wings|Coffee Beans|Mineral Water|Orange Juice|Cheddar|Olive Oil|Whole Milk|Chocolate Bar|Tomato Sauce|Tuna Chunks|Greek Yoghurt|Butter Croissant|Nasi Lemak|Noodle Soup|Green Apples|Frozen Peas|Burger Bun|Soya Drink|Egg Tray|Pork Ribs|Caesar Salad|Basmati Rice|Lager Beer|Pudding",
        "de": "Gelierzucker Extra|Zitronensäure|Joghurt Banane|Bierbrau Pils|Mineralwasser|Kaffeebohnen|Vollmilch|Butter|Tomatenmark|Apfelsaft|Roggenbrot|Käseaufschnitt|Nudeln|Olivenöl|Schokolade|Frühstück|Tagesgericht|Currywurst",
        "fr": "Nougat de l'Abbaye|Biscuits aux raisins|Huile d'olive|Café en grains|Eau minérale|Jus d'orange|Beurre doux|Confiture de fraises|Fromage de chèvre|Pâtes fraîches|Vin rouge|Menu du jour",
        "es": "Aceite de oliva|Agua mineral|Café molido|Queso manchego|Jamón ibérico|Pan integral|Zumo de naranja|Arroz",
        "it": "Olio d'oliva|Acqua minerale|Caffè macinato|Parmigiano|Prosciutto crudo|Pasta fresca|Succo d'arancia|Riso",
    },
    "services": {
        "en": "Consulting Services|Site Inspection|Labor|Installation|Maintenance Agreement|Training Session|Translation|Graphic Design|Delivery Service|Cleaning Service|Legal Review|Project Management|Repair Work|Travel Expenses|Security Guard|Equipment Rental|Freight Handling|Photography",
        "de": "Beratungsleistung|Montage|Arbeitszeit Techniker|Wartungsvertrag|Schulung|Übersetzung|Reisekosten|Übernachtung|Fahrtkosten|Reinigung Büroräume|Projektleitung|Reparatur|Transportkosten|Planungsleistung|Kommissionierer|Wirkarbeit HT",
        "fr": "Prestation de conseil|Main d'œuvre|Installation|Contrat de maintenance|Formation|Traduction|Frais de déplacement|Nettoyage des locaux|Gestion de projet|Transport|Location de matériel",
        "es": "Servicios de consultoría|Instalación|Mantenimiento|Formación|Traducción|Limpieza|Transporte|Gastos de viaje",
        "it": "Consulenza|Installazione|Manutenzione|Formazione|Traduzione|Pulizia uffici|Trasporto|Spese di viaggio",
    },
    "software": {
        "en": "Cloud Hosting|User License|Support Plan|Data Storage|Domain Renewal|API Calls|Backup Service|Email Accounts|Subscription Pro|Virtual Server|SSL Certificate|Bandwidth",
        "de": "Lizenz|Cloud Hosting|Supportvertrag|Datenspeicher|Domain|Servermiete|Software Wartung|Grundpreis|Grundgebühr|Benutzerkonto",
        "fr": "Licence utilisateur|Hébergement|Abonnement|Stockage de données|Nom de domaine|Support technique",
        "es": "Licencia|Alojamiento web|Suscripción|Almacenamiento|Dominio|Soporte técnico",
        "it": "Licenza|Hosting|Abbonamento|Archiviazione dati|Dominio|Supporto tecnico",
    },
    "property": {
        "en": "Monthly Rent|Insurance Premium|Service Charge|Electricity|Parking Space|Property Tax|Water Supply|Liability Cover|Waste Collection|Heating Costs",
        "de": "Kaltmiete|Nebenkosten|Versicherungsbeitrag|Strom|Stellplatz|Heizkosten|Abfallgebühr|Ökosteuer Lieferant|Grundpreis",
        "fr": "Loyer mensuel|Prime d'assurance|Charges locatives|Électricité|Place de parking|Eau",
        "es": "Alquiler mensual|Prima de seguro|Electricidad|Plaza de garaje|Agua",
        "it": "Canone di locazione|Premio assicurativo|Elettricità|Posto auto|Acqua",
    },
}
_NOUN_LISTS = {
    kind: {language: tuple(text.split("|")) for language, text in texts.items()}
    for kind, texts in _NOUNS.items()
}
_SPECS = [
    "black",
    "white",
    "blue",
    "red",
    "grün",
    "noir",
    "large",
    "XL",
    "M8x40",
    "10 mm",
    "35.5x25.5cm",
    "120ml",
    "1.5L",
    "500 g",
    "2 kg",
    "18V",
    "DN25",
    "A2-70",
    "48MM*100M",
    "20/0500",
    "Premium",
    "Extra",
    "Standard",
    "Pro",
    "Type B",
    "3x2,5 mm²",
    "0.8 mm 3070x1320",
    "RAL 9010",
    "24W 4000K",
    "50 m",
    "100 St.",
    "Pack of 10",
    "(Dozen)",
    "(small)",
    "Gr. 42",
    "Serie 300",
    "V2",
    "12V/5A",
    "1st floor",
    "Q3",
    "March",
    "Woche 12",
    "01/2024",
    "EU",
    "US",
]
_UNITS = {
    "en": [
        "EA",
        "PCS",
        "pcs",
        "Each",
        "BOX",
        "CS",
        "CTN",
        "KG",
        "lb",
        "M",
        "ft",
        "PK",
        "DZ",
        "UN",
        "PR",
        "RL",
        "bag",
        "pc",
    ],
    "de": [
        "Stk",
        "Stück",
        "St.",
        "Stk.",
        "St",
        "kg",
        "m",
        "m²",
        "Ktn",
        "Karton",
        "Pkg",
        "VE",
        "Pack",
        "l",
        "Rolle",
        "Paar",
        "Palette",
        "C62",
        "H87",
    ],
    "fr": [
        "U",
        "pièce",
        "pce",
        "pcs",
        "kg",
        "m",
        "ml",
        "lot",
        "carton",
        "boîte",
        "L",
        "unité",
        "PU",
    ],
    "es": ["ud", "uds", "unid.", "kg", "m", "caja", "pza", "L"],
    "it": ["pz", "PZ", "nr", "kg", "mt", "conf.", "cf", "L"],
}
_TIME_UNITS = {
    "en": ["hrs", "HR", "Hours", "h", "day", "days", "mo", "month", "LS", "lot", "users"],
    "de": ["Std", "Std.", "h", "Tage", "Tag", "Monat", "Mon.", "psch", "kWh", "LS"],
    "fr": ["h", "heures", "jour", "jours", "mois", "forfait"],
    "es": ["h", "horas", "día", "mes"],
    "it": ["ore", "h", "giorni", "mese"],
}
_SHOWS = [
    "News",
    "Morning News",
    "Evening News",
    "Late News",
    "Early Show",
    "The Quiz Hour",
    "Game Night",
    "Morning Rotator",
    "Prime Rotator",
    "Late Movie",
    "Talk Today",
    "Sunday Politics",
    "Weather First",
    "Sports Final",
    "Doctor's Hour",
    "Judge Marlow",
    "Wheel of Luck",
    "Noon Report",
    "Kids Club",
    "Saturday Matinee",
    "Baseball Live",
    "Drama at Nine",
    "Local Live",
    "World Report",
    "Various",
    "Sitcom Block",
    "Football",
    "Overnight",
]
_DAYS = [
    "M-F",
    "M-Su",
    "Sa-Su",
    "Sa",
    "Su",
    "Mo-Fr",
    "M-Th",
    "Tu",
    "W",
    "Th",
    "F",
    "MTWTF",
    "Mon-Fri",
    "M-Sa",
]
_SYLLABLES = [
    "ba",
    "be",
    "bo",
    "da",
    "den",
    "do",
    "fa",
    "fi",
    "gar",
    "go",
    "ha",
    "hol",
    "ka",
    "kel",
    "ko",
    "la",
    "lem",
    "li",
    "lo",
    "mar",
    "me",
    "mo",
    "nar",
    "ne",
    "no",
    "or",
    "pa",
    "per",
    "ra",
    "ren",
    "ri",
    "ro",
    "sa",
    "sen",
    "so",
    "ta",
    "tel",
    "ti",
    "to",
    "va",
    "ver",
    "vi",
    "wa",
    "wen",
    "za",
    "zel",
    "zo",
    "bra",
    "cro",
    "dri",
    "fle",
    "gri",
    "pla",
    "sti",
    "tre",
]
_LEGAL = {
    "en": [
        "Inc.",
        "LLC",
        "Ltd",
        "Ltd.",
        "Corp.",
        "Co.",
        "& Sons",
        "Group",
        "SDN BHD",
        "Pty Ltd",
        "Supply Co",
        "LP",
        "",
    ],
    "de": ["GmbH", "GmbH & Co. KG", "AG", "KG", "e.K.", "OHG", "UG"],
    "fr": ["SARL", "SAS", "SA", "et Fils", "EURL"],
    "es": ["S.L.", "S.A.", "e Hijos"],
    "it": ["S.r.l.", "S.p.A.", "& Figli"],
}
_TRADES = {
    "en": [
        "Supply",
        "Hardware",
        "Trading",
        "Foods",
        "Media",
        "Electric",
        "Packaging",
        "Broadcasting",
        "Logistics",
        "Systems",
        "Tools",
        "Television",
        "Partners",
        "Industries",
        "Farms",
        "Books",
    ],
    "de": [
        "Handel",
        "Technik",
        "Großhandel",
        "Bau",
        "Elektro",
        "Logistik",
        "Werkzeuge",
        "Verlag",
        "Druck",
        "Lebensmittel",
    ],
    "fr": [
        "Distribution",
        "Matériaux",
        "Services",
        "Transports",
        "Bâtiment",
        "Alimentation",
        "Conseil",
    ],
    "es": ["Suministros", "Comercial", "Servicios", "Alimentos", "Construcciones"],
    "it": ["Forniture", "Commerciale", "Servizi", "Alimentari", "Costruzioni"],
}
_STREETS = {
    "en": [
        "Main Street",
        "Oak Ave",
        "Industrial Pkwy",
        "2nd St",
        "Harbor Road",
        "Market St",
        "Jalan Permas",
        "Commerce Blvd",
        "Station Road",
        "Lincoln Dr",
        "W Ontario St",
    ],
    "de": [
        "Hauptstraße",
        "Bahnhofstr.",
        "Industriestraße",
        "Lindenweg",
        "Am Markt",
        "Gartenstr.",
        "Schulstraße",
    ],
    "fr": [
        "rue de la Paix",
        "avenue de la Gare",
        "chemin des Vignes",
        "bd Voltaire",
        "rue du Port",
        "ZAC du Parc",
    ],
    "es": ["Calle Mayor", "Avda. del Puerto", "Calle del Sol", "Camino Real"],
    "it": ["Via Roma", "Via Garibaldi", "Corso Italia", "Piazza Duomo"],
}
_TOWNS = {
    "en": [
        "Springfield, IL",
        "Dayton, OH",
        "Austin TX",
        "Fresno, CA",
        "Leeds",
        "Bristol",
        "Kuala Lumpur",
        "Atlanta, GA",
        "Salem, OR",
        "Bangor, ME",
        "Perth WA",
        "Toronto ON",
    ],
    "de": [
        "Hamburg",
        "München",
        "Köln",
        "Nürnberg",
        "Düsseldorf",
        "Leipzig",
        "Musterstadt",
        "Zürich",
        "Sarstedt",
    ],
    "fr": ["Lyon", "Nantes", "Paris", "Bordeaux", "Lille", "Malaunay", "Genève"],
    "es": ["Madrid", "Sevilla", "Valencia", "Bilbao"],
    "it": ["Milano", "Torino", "Bologna", "Napoli"],
}


class Product(NamedTuple):
    """What one line is about; `extra` is a second line of description, often empty."""

    description: str
    extra: str
    code: str
    buyer_code: str
    gtin: str
    unit: str
    time: str


class Party(NamedTuple):
    """A company: its name and its address lines below the name."""

    name: str
    address: tuple[str, ...]
    phone: str
    mail: str
    tax_id: str


def pick_kind(rng: random.Random) -> str:
    """A catalogue, ordinary goods first."""
    return rng.choices(KINDS, (44, 14, 14, 7, 15, 6))[0]


def made_up(rng: random.Random, least: int = 2, most: int = 4) -> str:
    """A pronounceable word nobody has seen."""
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(least, most)))


def digits(rng: random.Random, count: int) -> str:
    """A run of digits that does not start with 0."""
    return str(rng.randint(10 ** (count - 1), 10**count - 1))


def letters(rng: random.Random, count: int) -> str:
    """Capital letters."""
    return "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=count))


def number(rng: random.Random) -> str:
    """A document or reference number in one of many shapes, without spaces."""
    form = rng.randrange(9)
    if form < 3:
        return digits(rng, rng.randint(4, 10))
    if form == 3:
        return letters(rng, rng.randint(1, 3)) + digits(rng, rng.randint(4, 9))
    if form == 4:
        return f"{letters(rng, 2)}-{rng.randint(2015, 2027)}-{digits(rng, rng.randint(3, 5))}"
    if form == 5:
        return f"{rng.randint(2015, 2027)}/{digits(rng, rng.randint(3, 6))}"
    if form == 6:
        return f"{digits(rng, rng.randint(3, 7))}-{rng.randint(1, 12)}"
    if form == 7:
        return f"{letters(rng, 1)}{digits(rng, 2)}.{digits(rng, 4)}"
    return "0" * rng.randint(1, 4) + digits(rng, rng.randint(3, 6))


def code(rng: random.Random) -> str:
    """A product code in one of many shapes, without spaces."""
    form = rng.randrange(9)
    if form < 2:
        return digits(rng, rng.randint(3, 9))
    if form == 2:
        return letters(rng, rng.randint(1, 4)) + digits(rng, rng.randint(2, 6))
    if form == 3:
        return f"{letters(rng, rng.randint(2, 3))}-{digits(rng, rng.randint(2, 5))}"
    if form == 4:
        return f"{digits(rng, 3)}.{digits(rng, 3)}.{digits(rng, 2)}"
    if form == 5:
        return f"{letters(rng, 2)}{digits(rng, 2)}-{digits(rng, 1)}{letters(rng, 1)}"
    if form == 6:
        return f"{digits(rng, 4)}/{digits(rng, 2)}"
    if form == 7:
        return f"{letters(rng, 4)}{digits(rng, 4)}{letters(rng, 1)}"
    return f"{digits(rng, 2)}-{digits(rng, 4)}-{letters(rng, 2)}"


def time_range(rng: random.Random) -> str:
    """A span of the day as stations write it."""
    start = rng.randint(4, 23)
    end = start + rng.choice((1, 1, 2, 3))
    form = rng.randrange(5)
    if form == 0:
        half = rng.choice(("00", "30"))
        return f"{_clock(start, half)}-{_clock(end, half)}"
    short = f"{_hour(start)}{_half(start)}-{_hour(end)}{_half(end)}"
    if form == 1:
        return short.upper()
    if form == 2:
        return f"{_hour(start)}30{_half(start)}-{_hour(end)}{_half(end)}"
    if form == 3:
        return f"{_hour(start):2d}{_half(start).upper()}- {_hour(end)}{_half(end).upper()}"
    return short


def _hour(hour: int) -> int:
    return (hour - 1) % 12 + 1


def _half(hour: int) -> str:
    return "a" if hour % 24 < 12 else "p"


def _clock(hour: int, minutes: str) -> str:
    return f"{_hour(hour)}:{minutes} {_half(hour).upper()}M"


def clock(rng: random.Random) -> str:
    """A time of day to the minute."""
    return _clock(rng.randint(4, 25), f"{rng.randint(0, 59):02d}")


def _air_time(rng: random.Random, time: str) -> tuple[str, str]:
    show, day = rng.choice(_SHOWS), rng.choice(_DAYS)
    if rng.random() < 0.2:
        show = f"{made_up(rng).title()} {show}"
    form = rng.randrange(6)
    text = (
        f"{day} {show}",
        f"{day} {time}",
        show,
        f"{day} {time} {show}",
        f"{show} {time}",
        f"{time} {show}",
    )[form]
    extra = rng.choice(("", "", show.upper(), f"({time})", f"{day} {show}"))
    return text, extra


def pick_product(rng: random.Random, kind: str, language: str) -> Product:
    """A random product or service of that catalogue, described in that language."""
    time = time_range(rng)
    if kind == "advertising":
        text, extra = _air_time(rng, time)
        unit = rng.choice(("spots", "Spots", "SP", "units", "x"))
    else:
        text, extra = _described(rng, kind, language)
        countable = kind in ("goods", "food")
        unit = rng.choice((_UNITS if countable else _TIME_UNITS)[language])
    if rng.random() < 0.12:
        text = text.upper()
    gtin = digits(rng, rng.choice((13, 13, 13, 8, 12, 14)))
    return Product(text, extra, code(rng), code(rng), gtin, unit, time)


def _described(rng: random.Random, kind: str, language: str) -> tuple[str, str]:
    words = [rng.choice(_NOUN_LISTS[kind][language])]
    if rng.random() < 0.3:
        words.insert(0, made_up(rng).title())
    while rng.random() < 0.4 and len(words) < 4:
        words.append(rng.choice(_SPECS))
    if rng.random() < 0.1:
        words.append(rng.choice(_NOUN_LISTS[kind][language]).lower())
    if rng.random() < 0.05:
        words = [made_up(rng).title(), made_up(rng), rng.choice(_SPECS)]
    extra = ""
    if rng.random() < 0.05:  # a specification as long as a sentence
        nouns = _NOUN_LISTS[kind][language]
        extra = " ".join(
            rng.choice((rng.choice(nouns).lower(), rng.choice(_SPECS), made_up(rng)))
            for _ in range(rng.randint(6, 20))
        )
    elif rng.random() < 0.35:
        extra = " ".join(rng.choice(_SPECS) for _ in range(rng.randint(1, 4)))
    return " ".join(words), extra


def make_party(rng: random.Random, language: str) -> Party:
    """A company with an address, phone, mail and tax number."""
    stem = made_up(rng, 2, 3).title()
    name = " ".join(
        part for part in (stem, rng.choice(_TRADES[language]), rng.choice(_LEGAL[language])) if part
    )
    if rng.random() < 0.25:
        name = name.upper()
    street, house = (
        rng.choice(_STREETS[language]),
        str(rng.randint(1, 9900) % rng.choice((90, 9901)) + 1),
    )
    town, code_ = rng.choice(_TOWNS[language]), digits(rng, 5)
    first = f"{street} {house}" if language in ("de", "es", "it") else f"{house} {street}"
    second = f"{town} {code_}" if language == "en" else f"{code_} {town}"
    lines = [first, second]
    if rng.random() < 0.25:
        lines.insert(
            0,
            rng.choice(("Accounts Payable", "Attn: Billing", "Suite 200", "PO Box 402", "Dept. 7")),
        )
    phone = f"{rng.choice(('+49', '+1', '+33', '0', '('))}{digits(rng, 3)} {digits(rng, 3)}-{digits(rng, 4)}"
    mail = f"info@{stem.lower()}.com"
    prefix = {"de": "DE", "fr": "FR", "es": "ESB", "it": "IT"}.get(language, "")
    return Party(name, tuple(lines), phone, mail, prefix + digits(rng, 9))
