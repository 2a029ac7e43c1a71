"""Spanish wording of documents from Spain and Latin America."""

from data.synthesis.languages.language import Language, texts, words

SPANISH = Language(
    code="es",
    share=2.5,
    titles=texts(
        invoice=(
            "FACTURA|Factura|FACTURA DE VENTA|Factura electrónica|Factura proforma|FACTURA "
            "COMERCIAL|Factura de servicios"
        ),
        credit_memo=(
            "Nota de crédito|ABONO|Factura rectificativa|NOTA DE CRÉDITO|Abono|FACTURA "
            "RECTIFICATIVA|Nota de abono"
        ),
        purchase_order=(
            "Pedido|ORDEN DE COMPRA|Orden de compra|Orden de pedido|PEDIDO DE COMPRA|Confirmación "
            "de pedido|Contrato"
        ),
        packing_slip=(
            "Lista de empaque|PACKING LIST|Lista de contenido|LISTA DE EMPAQUE|Relación de bultos"
        ),
        delivery_note=(
            "Albarán|ALBARÁN DE ENTREGA|Nota de entrega|NOTA DE ENTREGA|Remisión|Guía de remisión|"
            "Albarán de venta"
        ),
        bill_of_lading="Conocimiento de embarque|Carta de porte|CARTA DE PORTE|Guía de carga",
        proof_of_delivery=(
            "Prueba de entrega|Comprobante de entrega|Acuse de recibo|Albarán firmado"
        ),
        receipt=(
            "TICKET|Factura simplificada|RECIBO|Nota de venta|FACTURA SIMPLIFICADA|Ticket de compra"
        ),
        other=(
            "Estado de cuenta|Lista de precios|Presupuesto|PRESUPUESTO|Recordatorio de pago|"
            "Cotización"
        ),
    ),
    numbers=texts(
        invoice=(
            "Factura n.º|N.º de factura|Nº factura|Número de factura|Factura Nº|Nº Fra.|Factura "
            "No.|No. de factura|Factura|Fact. Nº|Núm. factura"
        ),
        credit_memo="Nota de crédito n.º|Nº abono|Abono n.º|N.º de abono|Rectificativa nº",
        purchase_order=(
            "Pedido n.º|Nº pedido|N.º de pedido|Orden de compra No.|O.C. No.|Núm. pedido|Pedido"
        ),
        delivery_note=(
            "Albarán n.º|Nº albarán|N.º de albarán|Remisión No.|Núm. albarán|Nota de entrega nº"
        ),
    ),
    days=texts(
        invoice=(
            "Fecha de factura|Fecha factura|Fecha|Fecha de emisión|Fecha de expedición|Fecha Fra.|"
            "F. factura"
        ),
        credit_memo="Fecha|Fecha de abono|Fecha de emisión",
        purchase_order="Fecha de pedido|Fecha pedido|Fecha|Fecha de la orden",
        delivery_note="Fecha albarán|Fecha",
    ),
    fields=texts(
        document_id="{} n.º|{} Nº|Número|N.º|Nº|Nº documento|Documento|Folio",
        document_date="Fecha|Fecha de emisión|Fecha documento|Emitido el|Fecha de expedición",
        due_date="Vencimiento|Fecha de vencimiento|Fecha vto.|Vto.|Fecha límite de pago|Vence el",
        delivery_date="Fecha de entrega|Fecha entrega|Entregado el|Fecha de envío|F. entrega",
        purchase_order=(
            "Pedido|Su pedido|Nº de pedido|N/Pedido|S/Pedido|Orden de compra|Su pedido n.º|Su "
            "referencia|Pedido cliente|O/C"
        ),
        original_invoice_id=(
            "Factura original|Rectifica a|Factura rectificada|Ref. factura|Factura de origen"
        ),
        currency="Moneda|Divisa|Mon.",
    ),
    headings=words(
        "{title} n.º {number} de {day}|"
        "{title} nº {number} del {day}|"
        "{title} {number} de fecha {day}"
    ),
    other_fields=words(
        "N.º cliente|Forma de pago|NIF|Comercial|Transporte|Página|Referencia|Código cliente|"
        "Cliente nº|Cód. cliente|C.I.F.|CIF|N.I.F.|RFC|RUC|Condiciones de pago|Vendedor|Agente|"
        "Transportista|Bultos|Peso|Teléfono|Tel.|Fax|E-mail|IBAN|Obra|Proyecto|Almacén|Contrato|"
        "Período de facturación|CUPS|Lectura|Caja|Mesa|Representante|Zona|Observaciones|Régimen "
        "fiscal|Uso CFDI"
    ),
    seller_labels=words("Proveedor|Vendedor|Emisor|Proveedor:|Datos del emisor"),
    buyer_labels=words(
        "Cliente|Facturar a|Datos del cliente|Datos de facturación|Destinatario|Cliente:|Comprador|"
        "Señores"
    ),
    place_labels=words("Enviar a|Dirección de entrega|Dirección de envío|Entregar en|Enviar a:"),
    heads=texts(
        line_number="N.º|Pos.|Línea|Pos|Lín.|Núm.|No.|Nº|Part.|#|Partida",
        product_code=(
            "Código|Ref.|Referencia|Artículo|Cód.|CÓDIGO|Cód. art.|Código artículo|Nº artículo|Ref|"
            "Clave|Cód. producto|Referencia artículo"
        ),
        buyer_item_id="Su ref.|Ref. cliente|Su código|Su referencia|Cód. cliente",
        gtin="EAN|GTIN|Cód. EAN|Código de barras|EAN13",
        description=(
            "Descripción|Concepto|Artículo|Detalle|DESCRIPCIÓN|Denominación|Producto|Descripción "
            "del producto|Descripción del artículo|Designación|Servicio|Descrip.|Concepto / "
            "Descripción"
        ),
        quantity=(
            "Cantidad|Cant.|Uds|CANTIDAD|Cant|Cdad.|Unidades|Uds.|Ctd.|Horas|Cantidad fact.|Cajas|"
            "Consumo"
        ),
        unit="Unidad|Ud.|UM|U.M.|Ud|U/M|Unid.|Unidad de medida|Medida|Envase",
        unit_price=(
            "Precio|Precio unit.|P. Unitario|Precio unitario|PRECIO|Precio Unit.|P.U.|Precio ud.|"
            "Precio/ud|Precio neto|P.Unit.|Pr. unitario|Valor unitario|Precio €|Precio U.|P. Unit.|"
            "Tarifa|Vr. Unitario|P/U"
        ),
        price_base_quantity="Por|Base|Precio por|Base precio|Cada",
        discount_rate=(
            "Dto.|Dto. %|Desc.|% Dto.|Dto|%Dto|Dcto.|Dcto. %|Descuento %|% Desc.|Desc. %"
        ),
        discount_amount="Descuento|Importe dto.|Imp. dto.|Dto. €|Valor descuento|Rebaja",
        amount=(
            "Importe|Total|Subtotal|Importe neto|IMPORTE|Total €|Importe €|Importe total|Total "
            "línea|Neto|Valor|Valor total|Precio total|Total neto|Base imponible|Imp. neto|Importe "
            "EUR|Monto|Vr. Total|Subtotal línea"
        ),
        gross_amount=(
            "Total con IVA|Bruto|Total IVA incl.|Importe con IVA|PVP total|Total bruto|Importe "
            "bruto"
        ),
        tax_rate="IVA|IVA %|% IVA|I.V.A.|Tipo IVA|%IVA|IVA (%)|% Impuesto|Tipo|Imp. %",
        tax_amount="Cuota IVA|Impuesto|Importe IVA|IVA €|Cuota|Impuestos|Imp. IVA",
        date=(
            "Fecha|F. entrega|FECHA|Fecha entrega|Día|Fecha servicio|Fecha prest.|Fecha de entrega"
        ),
        po_number="Pedido|N.º pedido|Nº pedido|Su pedido|O.C.|Orden|Orden de compra",
        quantity_ordered=(
            "Pedida|Cant. pedida|Pedido Cant.|Solicitada|Cant. ped.|Cantidad pedida|Ctd. pedida|"
            "Cant. solicitada"
        ),
        quantity_shipped=(
            "Servida|Cant. servida|Enviado|Entregada|Cant. entregada|Enviada|Servido|Cant. env.|"
            "Entregado|Cantidad servida|Surtido"
        ),
        quantity_backordered="Pendiente|Pdte.|Cant. pendiente|Pend.|Por entregar|Saldo|Resto",
        quantity_received=(
            "Recibido|Cant. recibida|Recibida|Cant. rec.|Cantidad recibida|Recepcionado"
        ),
        quantity_rejected="Rechazado|Dañado|Rechazada|Devuelto|Faltante|Roto|Cant. rechazada",
        list_price=(
            "PVP|Precio bruto|Tarifa PVP|Precio lista|P.V.P.|Precio tarifa|Precio de lista"
        ),
        quantity_unit="Cantidad|Cant./Ud.|Cantidad / Unidad|Cant. UM|Cant./UM",
    ),
    detail_heads=words("Desde|Hasta|Días|Número|Precio|Tasa"),
    sections=words(
        "Albarán {} de {day}|Pedido {}|Su pedido {} de {day}|Capítulo {n}|{n}. {noun}|"
        "{noun}|Obra {}"
    ),
    discounts=words("Descuento|Dto. comercial|Bonificación"),
    nets=words("Neto|Importe neto"),
    parts=words("incl.|compuesto por:|incluye"),
    charges=words("Portes|Gastos de envío|Embalaje|Transporte"),
    head_groups=texts(
        quantity="Cantidad|Cantidades",
        money="Precio|Importes en {currency}|{currency}",
        article="Artículo|Producto",
    ),
    party_labels=words("Nombre|Dirección|Contacto|Teléfono|E-mail|NIF|Registro|Código|Número|CIF"),
    subtotals=words(
        "Subtotal|Suma y sigue|Total grupo|Suma|Total página|Suma anterior|SUBTOTAL|Total parcial|"
        "Total sección|Suma parcial"
    ),
    totals=texts(
        sub_total=(
            "Subtotal|Base imponible|Total neto|SUBTOTAL|Base Imp.|Suma|Total bruto|Importe neto|"
            "Total base imponible|B. imponible|Neto|Importe bruto|Sub-total"
        ),
        total_discount=(
            "Descuento|Dto.|Total descuentos|Dto. P.P.|Descuento comercial|Bonificación"
        ),
        shipping_charge=(
            "Gastos de envío|Portes|Transporte|Envío|Flete|Gastos de transporte|Coste de envío|"
            "Porte"
        ),
        total_tax=(
            "IVA|Cuota IVA|I.V.A.|IVA 21%|Total IVA|Importe IVA|Impuestos|IVA 21,00 %|Total "
            "impuestos|I.V.A. 21%|IVA 16%"
        ),
        invoice_total=(
            "Total|TOTAL|Total factura|TOTAL FACTURA|Importe total|Total €|TOTAL EUR|Total con IVA|"
            "Total general|TOTAL A PAGAR|Total pedido|Total a pagar|Líquido|Total EUR|Total IVA "
            "incluido"
        ),
        amount_due=(
            "Importe a pagar|Saldo|Pendiente de pago|Saldo pendiente|Importe pendiente|Líquido a "
            "percibir|Por pagar|A pagar"
        ),
    ),
    paid=words(
        "Pagado|Anticipo|Anticipos|Entrega a cuenta|Pagos|Efectivo|Tarjeta|Abonado|A cuenta"
    ),
    terms=words(
        "Pago a 30 días.|Gracias por su confianza.|No se admiten devoluciones.|Pago por "
        "transferencia a 60 días.|La mercancía es propiedad del vendedor hasta su pago total.|"
        "Inscrita en el Registro Mercantil de Madrid.|Operación exenta de IVA.|Inversión del "
        "sujeto pasivo.|Rogamos indiquen el número de factura en su transferencia.|Gracias por su "
        "compra.|Reclamaciones en un plazo de 7 días.|Recibí conforme:|Precios con IVA incluido."
    ),
    notes=words(
        "N.º de serie {}|Lote {}|Origen: ES|Ref. {}|Lote: {}|Nº de serie: {}|Albarán {} de 12/03|"
        "Su pedido {}|Período: {}|Caducidad: {}|Incluye instalación|Garantía 2 años|Partida "
        "arancelaria {}"
    ),
    joints=words("{} a {}|por|Nuestros servicios:|Según lo acordado:"),
    nouns=texts(
        goods=(
            "Tornillo hexagonal|Papel A4|Guantes de nitrilo|Casco de seguridad|Cinta adhesiva|"
            "Filtro de aire|Cable eléctrico|Silla de oficina|Botella de agua|Válvula de bola|Caja "
            "de cartón|Toalla de algodón|Taladro|Pintura blanca|Bombilla LED|Pilas AA|Lápiz|"
            "Archivador|Manguera|Brida|Tubo de cobre|Llave inglesa"
        ),
        food=(
            "Aceite de oliva|Agua mineral|Café molido|Queso manchego|Jamón ibérico|Pan integral|"
            "Zumo de naranja|Arroz|Leche entera|Mantequilla|Menú del día|Cerveza|Pollo asado|"
            "Tortilla|Tomate|Pan de molde"
        ),
        services=(
            "Servicios de consultoría|Instalación|Mantenimiento|Formación|Traducción|Limpieza|"
            "Transporte|Gastos de viaje|Asesoría fiscal|Reparación|Mano de obra|Alquiler de "
            "maquinaria|Vigilancia"
        ),
        software=(
            "Licencia|Alojamiento web|Suscripción|Almacenamiento|Dominio|Soporte técnico|"
            "Mantenimiento de software|Copia de seguridad"
        ),
        property=(
            "Alquiler mensual|Prima de seguro|Electricidad|Plaza de garaje|Agua|Gas natural|Gastos "
            "de comunidad|Calefacción|Seguro de hogar"
        ),
    ),
    units=words(
        "ud|uds|unid.|kg|m|caja|pza|L|UD|UDS|pz|PZA|pzas|lt|bolsa|paq.|rollo|par|m2|m²|bot.|KG|cj|"
        "docena|saco|Pieza"
    ),
    time_units=words("h|horas|día|mes|hora|hrs|días|meses|noche|km|kWh|servicio|mensual|sesión"),
    legal=words("S.L.|S.A.|e Hijos|S.A. de C.V.|S.L.U.|y Cía.|S. Coop.|SL|SA|S.A.S.|Ltda."),
    trades=words(
        "Suministros|Comercial|Servicios|Alimentos|Construcciones|Distribuciones|Ferretería|"
        "Transportes|Electricidad|Industrias|Papelería|Talleres|Logística|Embalajes|Instalaciones|"
        "Bodegas|Hostelería|Imprenta|Energía|Maquinaria"
    ),
    streets=words(
        "Calle Mayor|Avda. del Puerto|Calle del Sol|Camino Real|Calle Real|Avenida de la "
        "Constitución|Plaza de España|C/ Alcalá|Paseo Marítimo|Polígono Industrial Norte|Av. "
        "Juárez|Carrera|Calle de la Luna"
    ),
    towns=words(
        "Madrid|Sevilla|Valencia|Bilbao|Zaragoza|Málaga|Murcia|Barcelona|Alicante|Valladolid|"
        "Ciudad de México|Guadalajara|Monterrey|Bogotá|Lima|Granada|Vigo|Toledo|Santiago"
    ),
    departments=words(
        "Departamento de Compras|Administración|Apartado 402|Nave 7|Att. Contabilidad|Planta 2|"
        "Recepción de mercancías"
    ),
    street_form="{street} {house}",
    town_form="{code} {town}",
    postcodes=words("#####"),
    phones=words("9## ### ###|+34 9## ## ## ##|9# ### ## ##|+52 ## #### ####|(01) ###-####"),
    tax_ids=words("B########|ESB########|A-########|@@@######@@#|###########"),
    tax_rates=words("21|21|21|21|10|4|0|16|16|19|18"),
    currencies=words("EUR|EUR|EUR|EUR|EUR|EUR|EUR|EUR|MXN|MXN|MXN|COP|PEN|CLP|USD"),
    number_forms=words("1.234,56|1.234,56|1.234,56|1.234,56|1234,56|1 234,56"),
    sign_sides=words("after|after|after|before"),
    dates=words(
        "%d/%m/%Y|%d/%m/%Y|%d/%m/%Y|%d/%m/%Y|%d-%m-%Y|%d-%m-%Y|%d/%m/%y|%d.%m.%Y|%-d de %B de %Y|"
        "%d de %B de %Y|%d-%b-%Y|%d/%b/%Y|%Y-%m-%d"
    ),
    months=words(
        "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    ),
    short_months=words("ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic"),
)
