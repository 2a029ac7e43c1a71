"""Italian wording of documents from Italy and Ticino."""

from data.synthesis.languages.language import Language, texts, words

ITALIAN = Language(
    code="it",
    share=2,
    titles=texts(
        invoice=(
            "FATTURA|Fattura|FATTURA ACCOMPAGNATORIA|Fattura di vendita|Fattura immediata|FATTURA "
            "DIFFERITA|Fattura proforma|Parcella"
        ),
        credit_memo=(
            "Nota di credito|NOTA DI ACCREDITO|NOTA DI CREDITO|Nota di accredito|Nota credito"
        ),
        purchase_order=(
            "Ordine di acquisto|ORDINE|Conferma d'ordine|Ordine|ORDINE DI ACQUISTO|Ordine a "
            "fornitore|CONFERMA D'ORDINE|Ordine cliente"
        ),
        packing_slip=(
            "Lista di imballaggio|DISTINTA IMBALLO|Packing list|Distinta di imballaggio|LISTA COLLI"
        ),
        delivery_note=(
            "DDT|Documento di trasporto|Bolla di consegna|DOCUMENTO DI TRASPORTO|D.D.T.|Documento "
            "di Trasporto (D.D.T.)|BOLLA"
        ),
        bill_of_lading=(
            "Polizza di carico|Lettera di vettura|LETTERA DI VETTURA|Lettera di vettura CMR"
        ),
        proof_of_delivery=(
            "Prova di consegna|Ricevuta di consegna|Conferma di consegna|Bolla firmata"
        ),
        receipt=(
            "SCONTRINO|Documento commerciale|RICEVUTA FISCALE|DOCUMENTO COMMERCIALE|Scontrino|"
            "Ricevuta"
        ),
        other=(
            "Estratto conto|Listino prezzi|Preventivo|PREVENTIVO|Sollecito di pagamento|Offerta"
        ),
    ),
    numbers=texts(
        invoice=(
            "Fattura n.|Fattura N.|N. fattura|Numero fattura|Fatt. n.|Nr. fattura|Numero documento|"
            "N. doc.|Fattura nr.|N° fattura"
        ),
        credit_memo=(
            "Nota di credito n.|N. nota credito|Numero nota di credito|NC n.|N. documento"
        ),
        purchase_order=(
            "Ordine n.|N. ordine|Numero ordine|Ordine nr.|Nr. ordine|Conferma d'ordine n.|Ns. "
            "ordine n."
        ),
        delivery_note="DDT n.|N. DDT|D.D.T. n.|Numero DDT|Bolla n.|Documento n.",
    ),
    days=texts(
        invoice="Data fattura|Data|Data documento|Data emissione|Del|Data doc.",
        credit_memo="Data|Data documento|Data emissione|Del",
        purchase_order="Data ordine|Data|Ordine del|Del",
        delivery_note="Data DDT|Data|Del|Data documento",
    ),
    fields=texts(
        document_id="{} n.|{} nr.|Numero|N.|N. documento|Nr. documento|Numero doc.|Protocollo",
        document_date="Data|Del|Data documento|Data emissione|Data di emissione|Emesso il",
        due_date="Scadenza|Data scadenza|Scadenze|Da pagare entro|Scad.|Scadenza pagamento",
        delivery_date=(
            "Data consegna|Data di consegna|Consegnato il|Data spedizione|Data trasporto|Consegna "
            "prevista"
        ),
        purchase_order=(
            "Vs. ordine|Ordine n.|Vostro ordine|Vs. ordine n.|Vs. rif.|Rif. ordine|N. ordine "
            "cliente|Ordine cliente|Vs. ord."
        ),
        original_invoice_id=(
            "Fattura originale|Rif. fattura|Rif. fattura n.|Storno fattura|Fattura collegata"
        ),
        currency="Valuta|Divisa|Val.",
    ),
    headings=words("{title} n. {number} del {day}|{title} {number} del {day}"),
    other_fields=words(
        "Cod. cliente|Pagamento|P. IVA|Agente|Trasporto|Pagina|Riferimento|Codice cliente|Partita "
        "IVA|C.F.|Cod. Fiscale|Codice fiscale|Condizioni di pagamento|Modalità di pagamento|Banca "
        "d'appoggio|IBAN|Vettore|Causale del trasporto|Aspetto esteriore dei beni|N. colli|Peso "
        "lordo|Peso netto|Porto|Codice SDI|Codice destinatario|PEC|Tel.|Fax|Email|Commessa|"
        "Cantiere|CIG|CUP|Magazzino|Deposito|Cassa|Tavolo|Operatore|POD|Periodo di fatturazione|"
        "Contratto|Resa|Zona"
    ),
    seller_labels=words("Fornitore|Cedente|Mittente|Venditore|Cedente/prestatore|Emittente"),
    buyer_labels=words(
        "Cliente|Destinatario|Spett.le|Spett.|Cliente:|Intestatario|Cessionario|Committente|"
        "Fatturare a"
    ),
    place_labels=words(
        "Destinazione|Destinazione merce|Luogo di destinazione|Indirizzo di consegna|Spedire a"
    ),
    heads=texts(
        line_number="N.|Pos.|Riga|Pos|N°|Nr.|Nr|#|N. riga|Rg.",
        product_code=(
            "Codice|Cod. art.|Articolo|Rif.|Cod.|CODICE|Cod. articolo|Codice articolo|Art.|Cod. "
            "prodotto|Riferimento|Cod. Art|Codice prodotto"
        ),
        buyer_item_id="Vs. codice|Cod. cliente|Vs. cod.|Vostro codice|Cod. art. cliente",
        gtin="EAN|Cod. EAN|Codice EAN|Barcode|Cod. a barre",
        description=(
            "Descrizione|Articolo|Descrizione articolo|Prestazione|DESCRIZIONE|Descrizione dei "
            "beni|Descrizione prodotto|Denominazione|Descrizione beni / servizi|Prodotto|"
            "Descrizione merce|Natura e qualità dei beni|Servizio"
        ),
        quantity=(
            "Q.tà|Quantità|Qtà|QUANTITÀ|Q.ta|Qta|Q.TÀ|Quant.|Pezzi|Ore|Colli|Q|N. pezzi|Consumo"
        ),
        unit="U.M.|Unità|UM|UdM|U.m.|Un. mis.|Um|Unità di misura|UN|Conf.",
        unit_price=(
            "Prezzo|Prezzo unitario|Pr. unit.|P. unit.|PREZZO|Prezzo un.|Pr. unitario|P.U.|Prezzo "
            "netto|Prezzo €|Prezzo Un.|Importo unitario|Prezzo cad.|Tariffa|Pr.Unit.|Prezzo unit. "
            "netto|P. unitario"
        ),
        price_base_quantity="Per|Base|Ogni|Base prezzo|Prezzo per",
        discount_rate="Sconto|Sc. %|Sconto %|Sconti|Sc.%|% Sc.|% Sconto|Sc.|Sconti %|Sc",
        discount_amount="Importo sconto|Sconto|Valore sconto|Sconto €|Abbuono|Imp. sconto",
        amount=(
            "Importo|Totale|Totale riga|Imponibile|IMPORTO|Importo netto|Totale netto|Importo €|"
            "Tot. riga|Prezzo totale|Netto|Valore|Totale €|Importo EUR|Tot.|Importo riga|Importo "
            "totale|Valore merce"
        ),
        gross_amount=(
            "Totale ivato|Lordo|Totale IVA incl.|Totale IVA inclusa|Importo ivato|Prezzo ivato|"
            "Ivato"
        ),
        tax_rate=(
            "IVA|Aliq. IVA|% IVA|Aliquota|Aliq.|IVA %|Al. IVA|Cod. IVA|C.I.|%IVA|Aliquota IVA"
        ),
        tax_amount="Imposta|Importo IVA|Totale IVA|Imp. IVA|IVA €",
        date="Data|Data cons.|DATA|Data consegna|Giorno|Data prestazione|Consegna|Data cons",
        po_number="Ordine|N. ordine|Vs. ordine|Ord. n.|Rif. ordine|Ns. ordine|Commessa",
        quantity_ordered=(
            "Ordinata|Q.tà ord.|Q.tà ordinata|Qtà ord.|Ord.|Ordinato|Quantità ordinata"
        ),
        quantity_shipped=(
            "Consegnata|Spedita|Q.tà consegnata|Consegnato|Q.tà cons.|Spedito|Q.tà sped.|Quantità "
            "consegnata|Evasa"
        ),
        quantity_backordered=(
            "Residuo|Da consegnare|Q.tà residua|Da evadere|Inevaso|Saldo|Rimanenza"
        ),
        quantity_received="Ricevuta|Q.tà ricevuta|Ricevuto|Q.tà ric.|Quantità ricevuta",
        quantity_rejected="Respinta|Danneggiata|Respinto|Reso|Mancante|Scarto|Q.tà respinta",
        list_price=(
            "Prezzo lordo|Listino|Prezzo di listino|Prezzo list.|Pr. listino|Prezzo lordo unit."
        ),
        quantity_unit="Quantità|Q.tà/UM|Quantità UM|Q.tà / U.M.",
    ),
    detail_heads=words("Dal|Al|Giorni|Numero|Prezzo|Tasso"),
    sections=words(
        "DDT {} del {day}|Ordine {}|Vs. ordine {} del {day}|Capitolo {n}|{n}. {noun}|"
        "{noun}|Cantiere {}"
    ),
    discounts=words("Sconto|Sconto quantità|Abbuono"),
    nets=words("Netto|Importo netto"),
    parts=words("incl.|composto da:|comprende"),
    charges=words("Spese di trasporto|Imballo|Contributo ambientale|Spese di spedizione"),
    head_groups=texts(
        quantity="Quantità|Q.tà",
        money="Prezzo|Importi in {currency}|{currency}",
        article="Articolo|Prodotto",
    ),
    party_labels=words(
        "Nome|Indirizzo|Contatto|Telefono|E-mail|P. IVA|Cod. fiscale|Codice|Numero|REA"
    ),
    subtotals=words(
        "Subtotale|Riporto|A riportare|SUBTOTALE|Totale pagina|Totale parziale|Totale gruppo|"
        "Riporto pagina precedente|Sub-totale|Totale DDT"
    ),
    totals=texts(
        sub_total=(
            "Totale imponibile|Imponibile|Subtotale|Totale merce|Totale netto|Imponibile IVA|Tot. "
            "imponibile|TOTALE IMPONIBILE|Totale merci|Netto merce|Importo netto|Totale righe|"
            "Imponibile netto"
        ),
        total_discount=(
            "Sconto|Sconto cliente|Sconti|Totale sconti|Abbuoni|Sconto incondizionato|Sconto finale"
        ),
        shipping_charge=(
            "Spese di trasporto|Trasporto|Trasporto e imballo|Spese di spedizione|Spedizione|Spese "
            "trasporto|Spese accessorie|Contributo trasporto"
        ),
        total_tax=(
            "IVA|Totale IVA|I.V.A.|Imposta|IVA 22%|Totale imposta|Importo IVA|Tot. IVA|Totale "
            "I.V.A.|Imposte"
        ),
        invoice_total=(
            "Totale|TOTALE FATTURA|Totale documento|Totale fattura|TOTALE DOCUMENTO|Totale €|"
            "TOTALE EURO|Totale complessivo|Importo totale|TOTALE COMPLESSIVO|Totale a pagare|"
            "Totale generale|Totale ordine|TOTALE|Tot. fattura|Totale EUR|Totale ivato"
        ),
        amount_due=(
            "Netto a pagare|Saldo dovuto|NETTO A PAGARE|Da pagare|Totale dovuto|Importo da pagare|"
            "Saldo|Residuo da pagare|Importo dovuto"
        ),
    ),
    paid=words(
        "Acconto|Pagato|Già pagato|Acconti|Contanti|Pagamento elettronico|Acconto versato|Importo "
        "pagato|Versato"
    ),
    terms=words(
        "Pagamento a 30 giorni.|Grazie per la fiducia.|Merce viaggia a rischio del committente.|"
        "Contributo CONAI assolto ove dovuto.|Operazione non soggetta a IVA.|Si prega di indicare "
        "il numero di fattura nella causale.|La merce resta di nostra proprietà fino al saldo.|"
        "Trascorsi 8 giorni non si accettano reclami.|Foro competente: Milano.|Imposta di bollo "
        "assolta in modo virtuale.|Bonifico bancario 30 gg. d.f.f.m.|Grazie e arrivederci.|"
        "Inversione contabile."
    ),
    notes=words(
        "Matricola {}|Lotto {}|Origine: IT|Lotto: {}|Matr. {}|Rif. {}|DDT n. {} del 12/03|Vs. "
        "ordine {}|Scadenza {}|Periodo: {}|Garanzia 24 mesi|Commessa {}|Peso netto {}"
    ),
    joints=words("{} a {}|per|Le nostre prestazioni:|Come concordato:"),
    nouns=texts(
        goods=(
            "Vite esagonale|Carta A4|Guanti in nitrile|Casco di sicurezza|Nastro adesivo|Filtro "
            "aria|Cavo elettrico|Sedia da ufficio|Bottiglia|Valvola a sfera|Scatola di cartone|"
            "Asciugamano|Trapano|Vernice bianca|Lampadina LED|Penna a sfera|Tubo in rame|Raccordo|"
            "Guarnizione|Cuscinetto|Etichette adesive|Bancale in legno"
        ),
        food=(
            "Olio d'oliva|Acqua minerale|Caffè macinato|Parmigiano|Prosciutto crudo|Pasta fresca|"
            "Succo d'arancia|Riso|Latte intero|Burro|Coperto|Cappuccino|Pane integrale|Mozzarella|"
            "Vino rosso|Farina 00"
        ),
        services=(
            "Consulenza|Installazione|Manutenzione|Formazione|Traduzione|Pulizia uffici|Trasporto|"
            "Spese di viaggio|Manodopera|Riparazione|Noleggio attrezzature|Vigilanza|Progettazione"
        ),
        software=(
            "Licenza|Hosting|Abbonamento|Archiviazione dati|Dominio|Supporto tecnico|Canone di "
            "assistenza|Casella PEC"
        ),
        property=(
            "Canone di locazione|Premio assicurativo|Elettricità|Posto auto|Acqua|Spese "
            "condominiali|Gas metano|Riscaldamento|Assicurazione"
        ),
    ),
    units=words(
        "pz|PZ|nr|kg|mt|conf.|cf|L|N|n.|NR|Pz.|KG|MT|cf.|LT|paio|rotolo|mq|mc|ml|bott.|ct|CF|sacco|"
        "set|scat.|pezzo"
    ),
    time_units=words("ore|h|giorni|mese|h.|gg|ora|ORE|a corpo|mesi|notte|km|kWh|forfait|anno"),
    legal=words("S.r.l.|S.p.A.|& Figli|Srl|SpA|S.a.s.|S.n.c.|& C.|F.lli|Soc. Coop.|SRL"),
    trades=words(
        "Forniture|Commerciale|Servizi|Alimentari|Costruzioni|Ferramenta|Impianti|Elettronica|"
        "Trasporti|Edilizia|Meccanica|Imballaggi|Arredamenti|Informatica|Distribuzione|Panificio|"
        "Officine|Grafica|Energia|Ristorazione"
    ),
    streets=words(
        "Via Roma|Via Garibaldi|Corso Italia|Piazza Duomo|Via Mazzini|Via Verdi|Viale Europa|Via "
        "dell'Industria|Via Dante|Piazza della Repubblica|Corso Vittorio Emanuele|Via XX Settembre|"
        "Strada Statale|Via Marconi"
    ),
    towns=words(
        "Milano|Torino|Bologna|Napoli|Roma|Firenze|Verona|Padova|Genova|Bari|Brescia|Modena|"
        "Palermo|Lugano|Trento|Parma|Bergamo|Perugia|Rimini"
    ),
    departments=words(
        "Ufficio Acquisti|Amministrazione|Casella Postale 402|Interno 7|Magazzino|c.a. Contabilità"
    ),
    street_form="{street} {house}",
    town_form="{code} {town}",
    postcodes=words("#####|#####|I-#####"),
    phones=words("0## ######|+39 0## #######|0##/######|3## #######"),
    tax_ids=words("###########|IT###########|IT ###########"),
    tax_rates=words("22|22|22|22|10|4|5|0"),
    currencies=words("EUR|EUR|EUR|EUR|EUR|EUR|EUR|EUR|EUR|CHF"),
    number_forms=words("1.234,56|1.234,56|1.234,56|1.234,56|1234,56|1 234,56"),
    sign_sides=words("after|before"),
    dates=words(
        "%d/%m/%Y|%d/%m/%Y|%d/%m/%Y|%d/%m/%Y|%d.%m.%Y|%d-%m-%Y|%d/%m/%y|%d-%m-%y|%-d %B %Y|%d %B "
        "%Y|%d/%b/%Y|%Y-%m-%d"
    ),
    months=words(
        "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|"
        "dicembre"
    ),
    short_months=words("gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic"),
)
