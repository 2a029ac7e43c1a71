"""Heads of the columns of order, packing and delivery forms, by kind and language.

Counts of packages, weights and sizes look like quantities and are none. The last four kinds are
further names of quantities that the language files name too.
"""

from collections.abc import Mapping

from data.synthesis.commerce.column_heads import HEADS
from data.synthesis.languages import Kinds, Texts
from data.synthesis.languages.language import texts

_ENGLISH = texts(
    cartons=(
        "Cartons|Ctns|Cases|No. of Ctns|# Cartons|Ctn Qty|CTNS|Boxes|No. of Packages|Pkgs|"
        "# Pkgs|Packages|Case Qty|Total Cartons|Cs|Colli|Parcels|Crates|Bxs|No. Cartons|Pieces/Pkgs"
    ),
    pieces_per_carton=(
        "Pcs/Ctn|Pcs per Carton|Qty/Ctn|Units/Case|Case Pack|Units per Case|Pack|PCS/CTN|Qty per "
        "Box|Inner Qty|Per Ctn|Pack Qty|Pcs/Box|Ea/Cs|Qty/Pkg|Std Pack|Carton Qty|Pieces per Case"
    ),
    pallets="Pallets|Plts|PLT|Skids|# Pallets|No. of Pallets|Plt Qty|Pallet|HU|Handling Units|Skd",
    carton_range="Ctn No.|Carton No.|Box No.|Carton #|Case No.|C/No.|Pkg No.|Ctn From-To|CTN #|Box",
    package_type="Pkg Type|Package|Packing|Type of Pkg|Kind of Packages|Pkg|Packaging|Form",
    net_weight=(
        "Net Wt|N.W.|Net Weight|Net Wt (kg)|N.W. (KGS)|N/W|Net kg|NW|Net Weight KG|Net Lbs|Nt Wt"
    ),
    gross_weight=(
        "Gross Wt|G.W.|Gross Weight|Gr. Wt (kg)|G.W. (KGS)|G/W|Gross kg|Weight|Weight (lbs)|GW|"
        "Total Weight|Ship Wt|Wt.|Shipping Weight|Lbs|Kgs|Weight LBS"
    ),
    piece_weight="Unit Wt|Wt/Pc|Weight/Unit|Wt Each|Unit Weight|kg/pc|Weight each|Lbs/Ea",
    volume="CBM|Volume|Vol.|M3|Cube|Cu Ft|Meas. (CBM)|Measurement|Vol (m³)|Cubic Ft|Cft",
    dimensions="Dimensions|Dims|L x W x H|Size (cm)|Meas.|Ctn Size|Dim. (in)|LxWxH",
    shipped_before=(
        "Prev. Shipped|Previously Shipped|Shipped to Date|Prior Shipped|Qty Prev Shp|Shp To Date|"
        "Del. to Date|Total Shipped|Cum. Qty|Already Shipped|Previous|Delivered Before|YTD Shipped"
    ),
    received_before=(
        "Rec'd to Date|Received to Date|Prev. Received|Prior Rec'd|Prev Rcvd|Total Received|"
        "Previously Received|Rcvd To Date|Already Received"
    ),
    blanket_quantity="Blanket Qty|Contract Qty|Total Qty on Contract|Agreement Qty|Target Qty|Max",
    released_before=(
        "Released to Date|Prev. Released|Qty Released|Called Off|Cum. Released|Rel. to Date"
    ),
    declared_value="Declared Value|Value|Customs Value|Decl. Val.|Ins. Value|Value for Customs",
    promised_date=(
        "Promised|Promise Dt|Confirmed|Ack. Date|Prom. Date|Conf. Date|Sched. Ship|ETA|ETD"
    ),
    manufacturer_part="Mfr Part|MFR P/N|Manufacturer Part No.|Mfg Part #|OEM No.|Mfr. Item|MPN",
    tax_code="Tax Code|TX|Tax|Taxable|T|Tx Cd|VAT Code|Tax Cat.",
    expiry="Expiry|Exp. Date|Best Before|BBD|Use By|Expires|Exp",
    lot="Lot|Lot No.|Batch|Batch No.|Lot #|Lot/Serial|Heat No.|LOT NUMBER",
    checked="Checked|Chk|OK|Picked|Pkd|Initials|Pulled|Verified|Recv|Qty Counted",
    bin="Bin|Location|Loc|Whse|Aisle|Shelf|Pick Loc|Bin Loc.|Zone|Stock Loc",
    freight_class="Class|NMFC|NMFC #|Frt Class|Hazard|HM|UN No.|HAZMAT|H.M.|Class/Rate",
    pieces=(
        "Total Pcs|Total Qty|Pcs|Pieces|Total Pieces|Total Units|TTL PCS|Qty (pcs)|Total Quantity|"
        "Qty (EA)|Units|Each|Quantity (pcs)|Ttl Qty|Total Eaches|PCS|Qty Total|Q'ty (PCS)"
    ),
    shipped_now=(
        "This Shipment|Qty This Shipment|Shipped Now|This Delivery|Ship Qty|Qty Despatched|"
        "Now Shipped|Qty Packed|Packed|Qty Pkd|Picked Qty|Quantity Delivered|Despatched|This Ship"
    ),
    remaining=(
        "Remaining|Balance Due|Qty Remaining|Balance|To Be Shipped|Rem.|Qty Due|Bal. to Ship|"
        "Outstanding|Qty Open|Still to Ship|Qty Outstanding|Open Qty|B/O Qty|Bal|Backlog|"
        "Undelivered"
    ),
    ordered_now="Qty Ordered|Order Qty|Original Order|Orig. Qty|Ordered|Ord|Total Ordered|Order",
)
_GERMAN = texts(
    cartons=(
        "Kartons|Karton|Kolli|Colli|Anz. Kartons|Pakete|Packstücke|Ktn.|Gebinde|VE|"
        "Anzahl Packstücke|"
        "Anz. VE|Pack.|Kisten"
    ),
    pieces_per_carton=(
        "Stk/Karton|Stück je Karton|Inhalt|VE-Inhalt|Stk./VE|VPE|St/Kt|Menge je VE|Stück pro VPE|"
        "Inh."
    ),
    pallets="Paletten|Pal.|Pal|Anz. Paletten|EUP|Stellplätze|Lademittel|LHM",
    carton_range="Karton-Nr.|Kolli-Nr.|Kiste Nr.|Packstück-Nr.|Ktn.-Nr.|Packst.",
    package_type="Verpackung|Verp.-Art|Packmittel|Art|Verpackungsart|Gebindeart",
    net_weight="Nettogewicht|Netto kg|Nettogew.|Gew. netto|Netto (kg)|NG|Ntgew",
    gross_weight=(
        "Bruttogewicht|Brutto kg|Bruttogew.|Gew. brutto|Gewicht|Gewicht kg|Gewicht (kg)|Gew.|BG|kg"
    ),
    piece_weight="Gew./Stk|Stückgewicht|kg/Stk|Einzelgewicht|Gewicht/Einheit|Einzelgew.",
    volume="Volumen|m³|Vol.|cbm|Rauminhalt|Vol. m³|Kubatur",
    dimensions="Maße|Abmessungen|LxBxH|Maße (cm)|Abm.",
    shipped_before="Bisher geliefert|Vorher gel.|Bereits geliefert|Kum. Menge|Schon gel.|FZ",
    received_before="Bisher erhalten|Bereits erhalten|Erh. kum.|WE bisher",
    blanket_quantity="Rahmenmenge|Kontraktmenge|Zielmenge|Gesamtmenge Rahmen",
    released_before="Bisher abgerufen|Abgerufen|Abruf kum.|Bereits abger.",
    declared_value="Warenwert|Zollwert|Wert|Stat. Wert|Versicherungswert",
    promised_date="Bestätigt|Best. Termin|Zugesagt|Liefertermin best.|Vorauss. Lieferung",
    manufacturer_part="Hersteller-Nr.|Herst.-Art.-Nr.|Hersteller-Teilenr.|HTN|Herstellernr.",
    tax_code="Steuerkz.|St.|StKz|Steuerschl.|SK|MwSt-Kz",
    expiry="MHD|Haltbar bis|Verfall|Verfallsdatum|Mind. haltbar",
    lot="Charge|Chargen-Nr.|Ch.-Nr.|Los|Losnummer|Chargennr.|S/N",
    checked="Geprüft|gepr.|OK|Kommissioniert|Komm.|Entn.|Kontrolle",
    bin="Lagerplatz|Platz|Lager|Fach|Lagerort|Regal",
    freight_class="Gefahrgut|UN-Nr.|Klasse|ADR|GG-Klasse",
    pieces=(
        "Gesamtmenge|Stück|Stk|Stück gesamt|Gesamt Stk|Menge (Stk)|Menge ges.|Menge Stück|"
        "Ges.-Menge"
    ),
    shipped_now=(
        "Diese Lieferung|Liefermenge|Gel. Menge|Geliefert|Lfm.|Aktuelle Lieferung|Jetzt geliefert|"
        "Versandmenge|Gepackt|Ausgeliefert"
    ),
    remaining=(
        "Restmenge|Rest|Offen|Offene Menge|Noch zu liefern|Rückstand|Saldo|Rückst.|noch offen"
    ),
    ordered_now="Bestellmenge|Bestellt|Best. Menge|Auftragsmenge|Best.|Auftr.-Menge|Sollmenge",
)
_FRENCH = texts(
    cartons="Cartons|Colis|Nb colis|Nbre de colis|Caisses|Nb cartons|Nb. colis|Ctn|Emballages",
    pieces_per_carton=(
        "Pcs/carton|Qté/colis|Colisage|PCB|Pièces par carton|Condt.|UVC/colis|Par colis"
    ),
    pallets="Palettes|Pal.|Nb palettes|Nb pal.|Supports",
    carton_range="N° colis|N° carton|N° de caisse|Colis n°|Repère",
    package_type="Emballage|Type colis|Conditionnement|Nature|Cond.",
    net_weight="Poids net|P. net|Pds net|Poids net (kg)|PN|Net kg",
    gross_weight="Poids brut|P. brut|Pds brut|Poids|Poids (kg)|Poids brut kg|PB|Kg",
    piece_weight="Poids unit.|Pds unitaire|kg/pce|Poids/unité|P.U. kg",
    volume="Volume|Vol.|m³|Volume (m3)|Cubage|M3",
    dimensions="Dimensions|Dim.|L x l x H|Dim. (cm)",
    shipped_before="Déjà livré|Livré à ce jour|Qté déjà livrée|Cumul livré|Livr. antérieures",
    received_before="Déjà reçu|Reçu à ce jour|Cumul reçu|Qté déjà reçue",
    blanket_quantity="Qté marché|Qté contrat|Quantité cadre|Qté ouverte",
    released_before="Déjà appelé|Cumul appels|Appelé à ce jour",
    declared_value="Valeur déclarée|Valeur|Valeur douane|Val. déclarée",
    promised_date="Date confirmée|Confirmé|Date promise|Délai conf.|ETA",
    manufacturer_part="Réf. fabricant|Réf. fab.|Code fabricant|Réf. constructeur",
    tax_code="Code TVA|CT|T|C.TVA|Cd TVA",
    expiry="DLC|DDM|DLUO|Péremption|Date limite",
    lot="Lot|N° lot|N° de lot|Lot/Série|N° série",
    checked="Contrôle|Vérifié|OK|Préparé|Visa|Pointé",
    bin="Emplacement|Empl.|Dépôt|Mag.|Allée",
    freight_class="ADR|N° ONU|Classe|Mat. dang.",
    pieces="Total pièces|Qté totale|Pièces|Nb pièces|Total unités|Qté (pcs)|Unités|Total pcs",
    shipped_now=(
        "Qté livrée|Livré|Cette livraison|Qté expédiée|Expédié|Présente livraison|Qté préparée"
    ),
    remaining="Reste à livrer|RAL|Reste|Solde|Reliquat|Qté restante|À livrer|Restant",
    ordered_now="Qté commandée|Commandé|Qté cdée|Cdé|Commande|Qté cde",
)
_SPANISH = texts(
    cartons="Cajas|Bultos|Nº bultos|Cartones|Nº cajas|Ctns|Cant. cajas|Paquetes|N° de bultos",
    pieces_per_carton="Uds/caja|Unid. por caja|Pzas/caja|Ud. x caja|Contenido|Uds./bulto|Empaque",
    pallets="Palets|Pallets|Nº palets|Tarimas|Pal.",
    carton_range="Nº caja|Nº bulto|Caja n.º|Bulto|N° de caja",
    package_type="Embalaje|Tipo bulto|Envase|Tipo|Presentación",
    net_weight="Peso neto|P. neto|Neto kg|Peso neto (kg)|PN",
    gross_weight="Peso bruto|P. bruto|Peso|Peso (kg)|Bruto kg|Peso total|Kg|Kilos",
    piece_weight="Peso unit.|Peso/ud.|kg/ud|Peso unitario",
    volume="Volumen|Vol.|m³|Vol. (m3)|CBM|Cubicaje",
    dimensions="Medidas|Dimensiones|Dim.|L x A x H|Medidas (cm)",
    shipped_before="Enviado antes|Servido anterior|Ya entregado|Entregado a la fecha|Acumulado",
    received_before="Ya recibido|Recibido a la fecha|Recibido anterior|Acum. recibido",
    blanket_quantity="Cant. contrato|Cantidad marco|Cant. abierta|Cant. total contrato",
    released_before="Ya solicitado|Liberado a la fecha|Acum. pedido",
    declared_value="Valor declarado|Valor|Valor aduana|V. declarado",
    promised_date="F. confirmada|Confirmado|Fecha prometida|F. prevista|ETA",
    manufacturer_part="Ref. fabricante|N.º fabricante|Cód. fabricante|Nº parte fabr.",
    tax_code="Cód. IVA|Imp.|T|Tipo imp.|C. IVA",
    expiry="Caducidad|F. cad.|Vencimiento lote|Fecha cad.|Vto.",
    lot="Lote|Nº lote|N.º de lote|Lote/Serie|Nº serie",
    checked="Revisado|Verif.|OK|Preparado|Visto",
    bin="Ubicación|Ubic.|Almacén|Alm.|Pasillo",
    freight_class="ADR|Nº ONU|Clase|Merc. pel.",
    pieces=(
        "Total pzas|Total unidades|Piezas|Uds.|Cant. total|Total uds|Unidades|Pzas|Cantidad (uds)"
    ),
    shipped_now=(
        "Servido|Enviado|Esta entrega|Cant. enviada|Cant. servida|Entregado|Surtido|Despachado"
    ),
    remaining="Pendiente|Pdte.|Resto|Por entregar|Saldo|Cant. pendiente|Faltante|Pdte. servir",
    ordered_now="Pedido|Cant. pedida|Solicitado|Cant. solicitada|Ped.|Ordenado",
)
_ITALIAN = texts(
    cartons="Colli|N. colli|Cartoni|Scatole|Nr. cartoni|Ct.|N° colli|Casse",
    pieces_per_carton=(
        "Pz/cartone|Pz x collo|Pz. per scatola|Conf.|Pezzi/collo|Q.tà/collo|Imballo da"
    ),
    pallets="Pallet|Bancali|N. bancali|Pedane|Plt",
    carton_range="N. collo|Collo|Cartone n.|Cassa n.|Nr. collo",
    package_type="Imballo|Tipo imballo|Aspetto|Confezione|Tipo",
    net_weight="Peso netto|P. netto|Netto kg|Peso netto (kg)|PN",
    gross_weight="Peso lordo|P. lordo|Peso|Peso kg|Lordo kg|Peso (kg)|Kg",
    piece_weight="Peso unit.|Peso/pz|kg/pz|Peso unitario",
    volume="Volume|Vol.|m³|mc|Volume (mc)|Cubatura",
    dimensions="Dimensioni|Dim.|Misure|L x P x H",
    shipped_before="Già consegnato|Già evaso|Prec. consegnato|Tot. consegnato",
    received_before="Già ricevuto|Ricevuto a oggi|Tot. ricevuto",
    blanket_quantity="Q.tà contratto|Q.tà quadro|Q.tà aperta|Impegno totale",
    released_before="Già richiamato|Tot. richiamato|Già ordinato",
    declared_value="Valore dichiarato|Valore|Val. dogana",
    promised_date="Data conf.|Confermato|Cons. prevista|Data promessa|ETA",
    manufacturer_part="Cod. produttore|Rif. produttore|Cod. costruttore",
    tax_code="Cod. IVA|C.I.|C.IVA|Iva cod.",
    expiry="Scadenza lotto|Scad.|TMC|Data scad.",
    lot="Lotto|N. lotto|Lotto n.|Matricola|Lotto/Matr.",
    checked="Controllo|Verif.|OK|Prelevato|Visto",
    bin="Ubicazione|Ubic.|Mag.|Scaffale|Posizione",
    freight_class="ADR|N. ONU|Classe|Merce per.",
    pieces="Totale pz|Pezzi|Tot. pezzi|Q.tà totale|Pz|Pz totali|Q.tà (pz)|N. pezzi",
    shipped_now=(
        "Consegnato|Q.tà consegnata|Spedito|Evaso|Q.tà evasa|Presente consegna|Q.tà spedita"
    ),
    remaining="Residuo|Da consegnare|A saldo|Inevaso|Q.tà residua|Saldo|Da evadere|Rimanenza",
    ordered_now="Ordinato|Q.tà ordinata|Q.tà ord.|Ord.|Q.tà ordine",
)
_DUTCH = texts(
    cartons="Dozen|Colli|Aantal colli|Aantal dozen|Kartons|Pakketten|Kratten|Verp.",
    pieces_per_carton="Stuks/doos|St. per doos|Inhoud|Per doos|Aantal/colli|VPE|Verp.eenheid",
    pallets="Pallets|Pal.|Aantal pallets|Plts",
    carton_range="Doosnr.|Collinr.|Doos nr.|Collo|Colli nr.",
    package_type="Verpakking|Soort verp.|Type|Emballage",
    net_weight="Nettogewicht|Netto kg|Netto gew.|Gewicht netto|Netto (kg)",
    gross_weight="Brutogewicht|Bruto kg|Bruto gew.|Gewicht|Gewicht kg|Gewicht (kg)|Kg",
    piece_weight="Gewicht/st|Stuksgewicht|kg/st|Gew. per stuk",
    volume="Volume|m³|Vol.|Inhoud m3|CBM",
    dimensions="Afmetingen|Afm.|LxBxH|Maten",
    shipped_before="Reeds geleverd|Eerder geleverd|Totaal geleverd|Al geleverd",
    received_before="Reeds ontvangen|Eerder ontvangen|Totaal ontvangen",
    blanket_quantity="Contractaantal|Raamhoeveelheid|Contracthoev.",
    released_before="Reeds afgeroepen|Afgeroepen|Totaal afroep",
    declared_value="Waarde (douane)|Aangegeven waarde|Douanewaarde",
    promised_date="Bevestigd|Bev. datum|Toegezegd|Verwacht|ETA",
    manufacturer_part="Fabrikantnr.|Fabr. artikelnr.|Fabrikant code",
    tax_code="BTW-code|BC|Btw code|Cd",
    expiry="THT|Houdbaar tot|TGT|Vervalt",
    lot="Partij|Partijnr.|Lotnr.|Charge|Batchnr.|Serienr.",
    checked="Gecontroleerd|Contr.|OK|Gepickt|Paraaf",
    bin="Locatie|Loc.|Magazijn|Vak|Stelling",
    freight_class="ADR|UN-nr.|Klasse|Gev. stof",
    pieces="Totaal stuks|Stuks|Totaal aantal|Aantal st.|Aantal (st)|Totaal st.",
    shipped_now="Geleverd|Aantal geleverd|Deze levering|Verzonden|Nu geleverd|Gel. aantal|Gepakt",
    remaining="Nog te leveren|Restant|Rest|Openstaand|Saldo|Nog te lev.|Naleveren",
    ordered_now="Besteld|Aantal besteld|Bestelaantal|Best. aant.|Besteld aantal",
)
_PORTUGUESE = texts(
    cartons="Caixas|Volumes|Nº caixas|Cx|Qtd. volumes|Nº volumes|Embalagens|Nº vol.|Fardos",
    pieces_per_carton="Un/cx|Pçs/caixa|Unid. por caixa|Qtd/cx|Peças por caixa|Emb. c/|Conteúdo",
    pallets="Paletes|Paletas|Nº paletes|Pallets|Pal.",
    carton_range="Nº caixa|Nº vol|Caixa nº|Volume nº|N° da caixa",
    package_type="Embalagem|Espécie|Tipo|Acondicionamento",
    net_weight="Peso líquido|P. líq.|Peso líq.|Líquido kg|Peso líquido (kg)",
    gross_weight="Peso bruto|P. bruto|Peso|Peso (kg)|Bruto kg|Kg",
    piece_weight="Peso unit.|Peso/un|kg/un|Peso unitário",
    volume="Cubagem|m³|Vol. (m3)|M3|Volume m³",
    dimensions="Dimensões|Medidas|Dim.|C x L x A",
    shipped_before="Já entregue|Entregue até à data|Ant. entregue|Acumulado|Já expedido",
    received_before="Já recebido|Recebido ant.|Acum. recebido",
    blanket_quantity="Qtd. contrato|Qtd. aberta|Qtd. total contrato",
    released_before="Já requisitado|Acum. requisições|Já liberado",
    declared_value="Valor declarado|Valor p/ alfândega|Val. declarado",
    promised_date="Confirmado|Data conf.|Data prometida|Prev. entrega|ETA",
    manufacturer_part="Ref. fabricante|Cód. fabricante|Ref. fab.",
    tax_code="Cód. IVA|Cód. imp.|CT|Cd. IVA",
    expiry="Validade|Val.|Data val.|Venc. lote",
    lot="Lote|Nº lote|Lote/Série|Nº série",
    checked="Conferido|Conf.|OK|Separado|Visto",
    bin="Localização|Local|Armazém|Prateleira|Pos.",
    freight_class="ADR|Nº ONU|Classe|Merc. perig.",
    pieces="Total peças|Peças|Total unid.|Qtd. total|Total un|Pçs|Qtd (un)|Total pçs",
    shipped_now="Entregue|Qtd. entregue|Esta entrega|Expedido|Qtd. expedida|Atendido|Qtd. enviada",
    remaining="Em falta|Pendente|A entregar|Saldo|Qtd. pendente|Resta|Falta entregar",
    ordered_now="Encomendado|Qtd. pedida|Pedido|Qtd. encomendada|Qtd. ped.|Solicitado",
)
_OTHERS: Mapping[str, Mapping[str, str]] = {
    "cartons": {"cs": "Kartony|Balíky|Počet kartonů", "da": "Kartoner|Kolli|Antal kolli",
                "fi": "Laatikot|Kollit|Kolliluku", "hu": "Karton|Doboz|Csomagok száma",
                "nb": "Kartonger|Kolli|Antall kolli", "pl": "Kartony|Opakowania|Ilość kartonów",
                "ro": "Cutii|Colete|Nr. colete", "sv": "Kartonger|Kolli|Antal kolli",
                "tr": "Koli|Koli Adedi|Karton"},
    "pieces_per_carton": {"cs": "Ks/karton|V balení", "da": "Stk/karton|Pr. kolli",
                          "fi": "Kpl/ltk|Pakkauskoko", "hu": "Db/karton|Db/doboz",
                          "nb": "Stk/kartong|Pr. kolli", "pl": "Szt./karton|W opak.",
                          "ro": "Buc/cutie|Buc./colet", "sv": "St/kartong|Per kolli",
                          "tr": "Koli İçi|Adet/Koli"},
    "pallets": {"cs": "Palety|Počet palet", "da": "Paller|Antal paller", "fi": "Lavat|Lavoja",
                "hu": "Raklap|Raklapok", "nb": "Paller|Antall paller", "pl": "Palety|Il. palet",
                "ro": "Paleți|Nr. paleți", "sv": "Pallar|Antal pall", "tr": "Palet|Palet Adedi"},
    "carton_range": {"cs": "Č. kartonu", "da": "Kollinr.", "fi": "Kolli nro", "hu": "Doboz sz.",
                     "nb": "Kollinr.", "pl": "Nr kartonu", "ro": "Nr. cutie", "sv": "Kollinr",
                     "tr": "Koli No"},
    "package_type": {"cs": "Obal|Balení", "da": "Emballage", "fi": "Pakkaus", "hu": "Csomagolás",
                     "nb": "Emballasje", "pl": "Opakowanie", "ro": "Ambalaj", "sv": "Emballage",
                     "tr": "Ambalaj"},
    "net_weight": {"cs": "Netto kg|Hmotnost netto", "da": "Nettovægt|Netto kg",
                   "fi": "Nettopaino|Netto kg", "hu": "Nettó súly|Nettó kg",
                   "nb": "Nettovekt|Netto kg", "pl": "Waga netto|Netto kg",
                   "ro": "Greutate netă|Net kg", "sv": "Nettovikt|Netto kg",
                   "tr": "Net Ağırlık|Net kg"},
    "gross_weight": {"cs": "Brutto kg|Hmotnost", "da": "Bruttovægt|Vægt kg",
                     "fi": "Bruttopaino|Paino kg", "hu": "Bruttó súly|Súly kg",
                     "nb": "Bruttovekt|Vekt kg", "pl": "Waga brutto|Waga",
                     "ro": "Greutate brută|Greutate", "sv": "Bruttovikt|Vikt kg",
                     "tr": "Brüt Ağırlık|Brüt kg"},
    "piece_weight": {"cs": "kg/ks", "da": "Vægt/stk", "fi": "kg/kpl", "hu": "kg/db",
                     "nb": "Vekt/stk", "pl": "Waga jedn.", "ro": "kg/buc", "sv": "Vikt/st",
                     "tr": "Birim Ağırlık"},
    "volume": {"cs": "Objem|m³", "da": "Volumen|m³", "fi": "Tilavuus|m³", "hu": "Térfogat|m³",
               "nb": "Volum|m³", "pl": "Objętość|m³", "ro": "Volum|m³", "sv": "Volym|m³",
               "tr": "Hacim|m³"},
    "dimensions": {"cs": "Rozměry", "da": "Mål", "fi": "Mitat", "hu": "Méret", "nb": "Mål",
                   "pl": "Wymiary", "ro": "Dimensiuni", "sv": "Mått", "tr": "Ölçüler"},
    "shipped_before": {"cs": "Dosud dodáno", "da": "Tidl. leveret", "fi": "Aiemmin toim.",
                       "hu": "Eddig szállítva", "nb": "Tidl. levert", "pl": "Wydano wcześniej",
                       "ro": "Livrat anterior", "sv": "Tidigare lev.", "tr": "Önceki Sevk"},
    "received_before": {"cs": "Dosud přijato", "da": "Tidl. modtaget", "fi": "Aiemmin vast.",
                        "hu": "Eddig átvéve", "nb": "Tidl. mottatt", "pl": "Przyjęto wcześniej",
                        "ro": "Primit anterior", "sv": "Tidigare mott.", "tr": "Önceki Kabul"},
    "blanket_quantity": {"cs": "Rámcové množství", "da": "Rammeantal", "fi": "Puitemäärä",
                         "hu": "Keretmennyiség", "nb": "Rammeantall", "pl": "Ilość ramowa",
                         "ro": "Cant. contract", "sv": "Ramantal", "tr": "Sözleşme Miktarı"},
    "released_before": {"cs": "Dosud odvoláno", "da": "Afkaldt", "fi": "Kotiinkutsuttu",
                        "hu": "Eddig lehívva", "nb": "Avropt", "pl": "Dotąd wywołane",
                        "ro": "Apelat până acum", "sv": "Avropat", "tr": "Çekilen"},
    "declared_value": {"cs": "Deklarovaná hodnota", "da": "Oplyst værdi", "fi": "Ilmoitettu arvo",
                       "hu": "Vámérték", "nb": "Oppgitt verdi", "pl": "Wartość celna",
                       "ro": "Valoare declarată", "sv": "Tullvärde", "tr": "Beyan Değeri"},
    "promised_date": {"cs": "Potvrzeno", "da": "Bekræftet", "fi": "Vahvistettu",
                      "hu": "Visszaigazolva", "nb": "Bekreftet", "pl": "Potwierdzono",
                      "ro": "Confirmat", "sv": "Bekräftat", "tr": "Teyit Tarihi"},
    "manufacturer_part": {"cs": "Č. výrobce", "da": "Fabrikantnr.", "fi": "Valmistajan nro",
                          "hu": "Gyártói cikksz.", "nb": "Produsentnr.", "pl": "Nr producenta",
                          "ro": "Cod producător", "sv": "Tillverkarnr", "tr": "Üretici Kodu"},
    "tax_code": {"cs": "Kód DPH", "da": "Momskode", "fi": "Alv-koodi", "hu": "ÁFA kód",
                 "nb": "Mva-kode", "pl": "Kod VAT", "ro": "Cod TVA", "sv": "Momskod",
                 "tr": "KDV Kodu"},
    "expiry": {"cs": "Spotřebujte do", "da": "Udløb", "fi": "Parasta ennen", "hu": "Lejárat",
               "nb": "Utløp", "pl": "Ważność", "ro": "Expiră", "sv": "Bäst före", "tr": "SKT"},
    "lot": {"cs": "Šarže", "da": "Batch", "fi": "Erä", "hu": "Tételsz.|Gyártási sz.",
            "nb": "Parti", "pl": "Partia|Seria", "ro": "Lot", "sv": "Batchnr", "tr": "Parti No"},
    "checked": {"cs": "Kontrola", "da": "Kontrol", "fi": "Tark.", "hu": "Ell.", "nb": "Kontr.",
                "pl": "Spr.", "ro": "Verificat", "sv": "Kontr.", "tr": "Kontrol"},
    "bin": {"cs": "Sklad", "da": "Lokation", "fi": "Hyllypaikka", "hu": "Raktárhely",
            "nb": "Lokasjon", "pl": "Lokalizacja", "ro": "Locație", "sv": "Lagerplats",
            "tr": "Raf"},
    "freight_class": {"cs": "ADR|UN č.", "da": "ADR|UN-nr.", "fi": "ADR|UN-nro", "hu": "ADR|UN sz.",
                      "nb": "ADR|UN-nr.", "pl": "ADR|Nr UN", "ro": "ADR|Nr. ONU",
                      "sv": "ADR|UN-nr", "tr": "ADR|UN No"},
    "pieces": {"cs": "Celkem ks|Kusů celkem", "da": "Antal stk|Stk i alt", "fi": "Kpl yht.|Kpl",
               "hu": "Összes db|Darab", "nb": "Antall stk|Totalt stk", "pl": "Razem szt.|Sztuk",
               "ro": "Total buc|Bucăți", "sv": "Antal st|Totalt st", "tr": "Toplam Adet|Adet"},
    "shipped_now": {"cs": "Tato dodávka|Dodané mn.", "da": "Denne levering|Lev. antal",
                    "fi": "Tämä toimitus|Toimitettu", "hu": "Jelen szállítás|Szállított",
                    "nb": "Denne levering|Lev. antall", "pl": "Ta dostawa|Wydano",
                    "ro": "Această livrare|Livrat", "sv": "Denna leverans|Levererat",
                    "tr": "Bu Sevkiyat|Sevk Miktarı"},
    "remaining": {"cs": "Zbývá|Zbývá dodat", "da": "Rest|Mangler", "fi": "Jäljellä|Toimittamatta",
                  "hu": "Hátralék|Hátralévő", "nb": "Rest|Gjenstår", "pl": "Pozostało|Do wydania",
                  "ro": "Rest|Rămas de livrat", "sv": "Rest|Kvar att lev.", "tr": "Kalan|Bakiye"},
    "ordered_now": {"cs": "Objednáno|Obj. mn.", "da": "Bestilt|Best. antal", "fi": "Tilattu",
                    "hu": "Rendelt|Rendelt menny.", "nb": "Bestilt|Best. antall",
                    "pl": "Zamówiono|Zam. ilość", "ro": "Comandat|Cant. comandată",
                    "sv": "Beställt|Best. antal", "tr": "Sipariş|Sipariş Miktarı"},
}  # fmt: skip
_THOROUGH: Mapping[str, Kinds] = {
    "en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, "es": _SPANISH, "it": _ITALIAN, "nl": _DUTCH,
    "pt": _PORTUGUESE,
}  # fmt: skip
# Further names of a quantity: its tag by kind.
QUANTITY_NAMES: Mapping[str, str] = {
    "pieces": "quantity",
    "shipped_now": "quantity_shipped",
    "remaining": "quantity_backordered",
    "ordered_now": "quantity_ordered",
}


def _gather(kind: str) -> dict[str, Texts]:
    """Return the heads of one kind by language."""
    thorough = {code: kinds[kind] for code, kinds in _THOROUGH.items()}
    return thorough | {code: tuple(text.split("|")) for code, text in _OTHERS[kind].items()}


# Heads by kind, then by language; a quantity's further names are under the name of its tag.
FORM_HEADS: dict[str, dict[str, Texts]] = {
    QUANTITY_NAMES.get(kind, kind): _gather(kind) for kind in _ENGLISH
}


def names_of(kind: str, language: str) -> Texts:
    """Return every head that a column of that kind may have on a form."""
    heads = FORM_HEADS.get(kind, {}).get(language, ())
    return heads + HEADS[kind][language] if kind in HEADS else heads
