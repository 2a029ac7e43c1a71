"""Turkish wording of documents from Turkey."""

from data.synthesis.languages.language import Language, texts, words

TURKISH = Language(
    code="tr",
    share=0.5,
    titles=texts(
        invoice=(
            "Fatura|FATURA|e-Fatura|e-Arşiv Fatura|Proforma Fatura|SATIŞ FATURASI|Satış faturası"
        ),
        credit_memo="İade faturası|İADE FATURASI|Alacak dekontu",
        purchase_order=(
            "Sipariş|SİPARİŞ|Satın alma siparişi|SİPARİŞ FORMU|Sipariş onayı|Sipariş formu"
        ),
        packing_slip="Çeki listesi|ÇEKİ LİSTESİ|Paketleme listesi",
        delivery_note="Sevk irsaliyesi|SEVK İRSALİYESİ|İrsaliye|e-İrsaliye",
        bill_of_lading="Konşimento|KONŞİMENTO|Taşıma senedi",
        proof_of_delivery="Teslim tutanağı|Teslimat belgesi|Teslim belgesi",
        receipt="FİŞ|Satış fişi|Makbuz|BİLGİ FİŞİ|",
        other="Teklif|Fiyat listesi|Hesap ekstresi|Ödeme hatırlatması",
    ),
    numbers=texts(
        invoice="Fatura No|Fatura Numarası|Fatura No.|Belge No|Fatura Nr.|FATURA NO",
        credit_memo="İade Fatura No|Belge No|Fatura No|Dekont No",
        purchase_order="Sipariş No|Sipariş Numarası|Sipariş No.|SİPARİŞ NO",
        delivery_note="İrsaliye No|İrsaliye Numarası|Sevk İrsaliyesi No|Belge No",
    ),
    days=texts(
        invoice="Fatura Tarihi|Tarih|Düzenleme Tarihi|Düzenlenme Tarihi|FATURA TARİHİ",
        credit_memo="Tarih|Fatura Tarihi|Düzenleme Tarihi",
        purchase_order="Sipariş Tarihi|Tarih|SİPARİŞ TARİHİ",
        delivery_note="Tarih|İrsaliye Tarihi|Düzenleme Tarihi",
    ),
    fields=texts(
        document_id="{} No|Numara|No|Belge No|Belge Numarası|Referans|Referans No",
        document_date="Tarih|Düzenleme Tarihi|Belge Tarihi|Düzenlenme Tarihi",
        due_date="Vade Tarihi|Vade|Son Ödeme Tarihi|Ödeme Tarihi",
        delivery_date="Teslim Tarihi|Sevk Tarihi|Teslimat Tarihi",
        purchase_order="Sipariş No|Sipariş Numaranız|Müşteri Sipariş No|Siparişiniz",
        original_invoice_id="İlgili Fatura|İade Edilen Fatura|Asıl Fatura No",
        currency="Para Birimi|Döviz|Döviz Cinsi",
    ),
    headings=words("{title} No: {number} / {day}|{title} {number}, {day}"),
    other_fields=words(
        "Vergi No|Vergi Dairesi|VKN|TCKN|Müşteri No|Müşteri Kodu|Cari Kod|Ödeme Şekli|Ödeme "
        "Koşulları|Ödeme Vadesi|Banka|IBAN|Telefon|Tel|Faks|E-posta|Web|Yetkili|Satış Temsilcisi|"
        "Teslim Şekli|Nakliye|Plaka|Depo|Sayfa|Ağırlık|Koli Adedi|Proje|Sözleşme No|Dönem|Sayaç No|"
        "Tesisat No|Kasa|Kasiyer|Mersis No|Ticaret Sicil No|Senaryo|Fatura Tipi|ETTN|Düzenleyen|"
        "Açıklama"
    ),
    seller_labels=words("Satıcı|Tedarikçi|Satıcı:"),
    buyer_labels=words("Sayın|SAYIN|Müşteri|Alıcı|Fatura Adresi"),
    place_labels=words("Teslimat Adresi|Sevk Adresi|Teslim Yeri"),
    heads=texts(
        line_number="Sıra No|Sıra|S.No|No|#|Sr.",
        product_code="Stok Kodu|Ürün Kodu|Malzeme Kodu|Kod|Kodu|Stok No|Ürün No",
        buyer_item_id="Müşteri Kodu|Alıcı Kodu|Müşteri Stok Kodu",
        gtin="Barkod|EAN|Barkod No|GTIN",
        description=(
            "Açıklama|Mal Hizmet|Cinsi|Ürün Adı|Malın Cinsi|Ürün|Ürün Açıklaması|Mal/Hizmet Cinsi|"
            "Malzeme|Hizmet|Stok Adı|AÇIKLAMA|Malzeme Adı"
        ),
        quantity="Miktar|Adet|Miktarı|MİKTAR|Mik.|Saat|Tüketim",
        unit="Birim|Br.|Birimi|Ölçü Birimi|Ölçü Br.",
        unit_price=(
            "Birim Fiyat|Birim Fiyatı|Fiyat|B. Fiyat|Br. Fiyat|Fiyatı|Net Fiyat|BİRİM FİYAT|"
            "B.Fiyat|Birim Fiyat (TL)|Saat Ücreti"
        ),
        price_base_quantity="Fiyat Birimi|Başına|Baz Miktar",
        discount_rate="İsk. %|İskonto %|İskonto Oranı|İsk.|İndirim %|İnd. %",
        discount_amount="İskonto Tutarı|İndirim|İskonto|İnd. Tutarı",
        amount=(
            "Tutar|Tutarı|Mal Hizmet Tutarı|Toplam|Net Tutar|TUTAR|Toplam Tutar|Tutar (TL)|Toplam "
            "Fiyat|Satır Toplamı"
        ),
        gross_amount="KDV Dahil Tutar|KDV Dahil|Brüt Tutar|KDV'li Tutar",
        tax_rate="KDV|KDV %|KDV Oranı|%KDV|KDV Or.",
        tax_amount="KDV Tutarı|Vergi Tutarı|Vergi",
        date="Tarih|Teslim Tarihi|Sevk Tarihi|Gün",
        po_number="Sipariş|Sipariş No|Sip. No",
        quantity_ordered="Sipariş Miktarı|Sipariş Edilen|Sip. Miktarı",
        quantity_shipped="Sevk Edilen|Sevk Miktarı|Gönderilen|Teslim Edilen",
        quantity_backordered="Kalan|Bekleyen|Kalan Miktar|Bakiye",
        quantity_received="Teslim Alınan|Alınan|Kabul Edilen",
        quantity_rejected="Reddedilen|Hasarlı|İade|Eksik",
        list_price="Liste Fiyatı|Brüt Fiyat|Etiket Fiyatı",
        quantity_unit="Miktar|Miktar/Birim|Miktar Birim",
    ),
    detail_heads=words("Başlangıç|Bitiş|Günler|Adet|Fiyat|Oran"),
    sections=words(
        "İrsaliye {} {day}|Sipariş {}|Siparişiniz {} {day}|Bölüm {n}|{n}. {noun}|{noun}|Proje {}"
    ),
    discounts=words("İskonto|İndirim"),
    nets=words("Net|Net tutar"),
    parts=words("dahil|içerik:|bileşen"),
    charges=words("Nakliye|Kargo|Ambalaj|Depozito"),
    head_groups=texts(
        quantity="Miktar|Adet",
        money="Fiyat|Tutarlar {currency}|{currency}",
        article="Ürün|Mal",
    ),
    party_labels=words(
        "Ad|Adres|İlgili kişi|Telefon|E-posta|Vergi No.|Vergi Dairesi|Kod|Numara|Mersis No."
    ),
    subtotals=words("Ara Toplam|Nakli Yekün|Sayfa Toplamı|Devreden|Grup Toplamı|Toplam"),
    totals=texts(
        sub_total=(
            "Ara Toplam|Mal Hizmet Toplam Tutarı|Toplam Tutar|Net Tutar|Matrah|KDV Matrahı|"
            "Mal/Hizmet Toplam|KDV Hariç Toplam"
        ),
        total_discount="İskonto|Toplam İskonto|İndirim|Toplam İndirim",
        shipping_charge="Kargo|Nakliye|Kargo Ücreti|Nakliye Bedeli|Taşıma Ücreti",
        total_tax="KDV|Hesaplanan KDV|Toplam KDV|KDV Tutarı|KDV %20|Hesaplanan KDV(%18)|TOPKDV",
        invoice_total=(
            "Genel Toplam|TOPLAM|GENEL TOPLAM|Vergiler Dahil Toplam Tutar|Toplam|Fatura Toplamı|"
            "Yekün|KDV Dahil Toplam|TOPLAM TL"
        ),
        amount_due="Ödenecek Tutar|Kalan Tutar|Bakiye|Kalan Bakiye|ÖDENECEK TUTAR|Borç Tutarı",
    ),
    paid=words("Ödenen|Avans|Ön Ödeme|Kapora|Nakit|Kredi Kartı"),
    terms=words(
        "Ödeme vadesi 30 gündür.|Teşekkür ederiz.|Satılan mal geri alınmaz.|Vadesinde ödenmeyen "
        "faturalara gecikme faizi uygulanır.|Malın mülkiyeti ödeme tamamlanana kadar satıcıya "
        "aittir.|İrsaliye yerine geçer.|Yalnız banka havalesi kabul edilir.|Faturaya itiraz süresi "
        "8 gündür.|Mal sağlam olarak teslim alınmıştır.|Yine bekleriz."
    ),
    notes=words(
        "Seri No {}|Parti No {}|Sipariş: {}|İrsaliye {}|Dönem: {}|Menşei: TR|Garanti 2 yıl|Son "
        "kullanma tarihi {}|Ref. {}|GTİP {}"
    ),
    joints=words("{} tanesi {}|toplam|Hizmetlerimizin bedeli:|Anlaşmamıza göre:"),
    nouns=texts(
        goods=(
            "Altıköşe cıvata|Fotokopi kağıdı A4|Küresel vana|İş eldiveni|Emniyet bareti|Koli bandı|"
            "Hava filtresi|Ofis koltuğu|Uzatma kablosu|Ahşap vidası|Karton kutu|Havlu|LED ampul|"
            "Matkap|Beyaz boya|Pil AA|Conta|Rulman|Çöp torbası"
        ),
        food=(
            "Tam yağlı süt|Tereyağı|Ekmek|Portakal suyu|Türk kahvesi|Maden suyu|Beyaz peynir|"
            "Patates|Mercimek çorbası|Tavuk göğsü|Günün menüsü|Ayran|Toz şeker|Zeytinyağı|Siyah "
            "çay|Baklava"
        ),
        services=(
            "Danışmanlık|Montaj|Kurulum|Temizlik|Eğitim|Tercüme|Yol masrafı|İşçilik|Tamir|Bakım|"
            "Nakliye hizmeti"
        ),
        software="Lisans|Web barındırma|Abonelik|Alan adı|Veri depolama|Teknik destek",
        property="Kira|Elektrik|Sigorta primi|Otopark|Su|Doğalgaz|Aidat",
    ),
    units=words(
        "Adet|AD|adet|ad.|kg|m|m²|kutu|koli|paket|rulo|takım|çift|lt|mt|top|şişe|çuval|pk|KG"
    ),
    time_units=words("saat|gün|ay|hafta|km|kWh|yıl|sefer|gece|adam/gün"),
    legal=words(
        "A.Ş.|Ltd. Şti.|San. ve Tic. A.Ş.|San. ve Tic. Ltd. Şti.|Tic. Ltd. Şti.|ve Oğulları"
    ),
    trades=words(
        "İnşaat|Gıda|Elektrik|Makine|Tekstil|Nakliyat|Ambalaj|Mobilya|Matbaa|Lojistik|Bilişim|"
        "Otomotiv|Hırdavat|Ticaret|Sanayi"
    ),
    streets=words(
        "Atatürk Caddesi|İstiklal Caddesi|Cumhuriyet Cad.|Fatih Sokak|Sanayi Cad.|Gül Sokak|İnönü "
        "Bulvarı|Okul Sok.|Barbaros Bulvarı|Zafer Cad."
    ),
    towns=words(
        "İstanbul|Ankara|İzmir|Bursa|Antalya|Adana|Konya|Gaziantep|Kayseri|Eskişehir|Samsun|Mersin"
    ),
    departments=words("Muhasebe|Satın Alma|P.K. 402|Fatura Servisi|Depo 7|Kat 2"),
    street_form="{street} No: {house}",
    town_form="{code} {town}",
    postcodes=words("#####"),
    phones=words("+90 ### ### ## ##|0 (###) ### ## ##|0### ### ## ##"),
    tax_ids=words("##########|VKN ##########"),
    tax_rates=words("20|20|18|18|10|8|1"),
    currencies=words("TRY|TRY|TRY|TRY|EUR|USD"),
    number_forms=words("1.234,56|1.234,56|1.234,56|1.234,56|1234,56|1,234.56"),
    sign_sides=words("after|after|before"),
    dates=words("%d.%m.%Y|%d.%m.%Y|%d.%m.%Y|%d/%m/%Y|%d-%m-%Y|%d.%m.%y|%Y-%m-%d|%-d %B %Y"),
    months=words("Ocak|Şubat|Mart|Nisan|Mayıs|Haziran|Temmuz|Ağustos|Eylül|Ekim|Kasım|Aralık"),
    short_months=words("Oca|Şub|Mar|Nis|May|Haz|Tem|Ağu|Eyl|Eki|Kas|Ara"),
)
