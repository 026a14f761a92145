package pdfa

import (
	"maps"
	"slices"
)

// Code identifies a kind of fault for programs: stable, never shown to people.
type Code string

// Codes of Fault.
const (
	// The file is no PDF, or cannot be read; nothing else is checked.
	CodeEmpty        Code = "empty"
	CodeWord         Code = "word"
	CodeOpenDocument Code = "open_document"
	CodePicture      Code = "picture"
	CodeNotPDF       Code = "not_pdf"
	CodeTruncated    Code = "truncated"
	CodeEncrypted    Code = "encrypted"
	CodeTooComplex   Code = "too_complex"
	CodeDamaged      Code = "damaged"

	// Structure of the file.
	CodeHeader          Code = "header"
	CodeAfterEnd        Code = "after_end"
	CodeNoID            Code = "no_id"
	CodeStreamedXRef    Code = "streamed_xref"
	CodeExternalStream  Code = "external_stream"
	CodeFilter          Code = "filter"
	CodeStreamLength    Code = "stream_length"
	CodeInfoForbidden   Code = "info_forbidden"
	CodeOptionalContent Code = "optional_content"
	CodeRequirements    Code = "requirements"

	// Metadata.
	CodeNoClaim        Code = "no_claim"
	CodeUnknownClaim   Code = "unknown_claim"
	CodeMetadata       Code = "metadata"
	CodeInfoDiffers    Code = "info_differs"
	CodeMetadataSchema Code = "metadata_schema"

	// Colours.
	CodeNoOutputIntent Code = "no_output_intent"
	CodeProfile        Code = "profile"
	CodeDeviceColor    Code = "device_color"

	// Pages.
	CodeNoPages         Code = "no_pages"
	CodeTransparency    Code = "transparency"
	CodeBlendMode       Code = "blend_mode"
	CodeTransfer        Code = "transfer"
	CodeImage           Code = "image"
	CodeExternalContent Code = "external_content"

	// Fonts.
	CodeFontNotEmbedded Code = "font_not_embedded"
	CodeFontProgram     Code = "font_program"
	CodeFontIncomplete  Code = "font_incomplete"
	CodeFontEncoding    Code = "font_encoding"
	CodeFontSubset      Code = "font_subset"
	CodeFontText        Code = "font_text"

	// Interaction and attachments.
	CodeAnnotationKind       Code = "annotation_kind"
	CodeAnnotationFlags      Code = "annotation_flags"
	CodeAnnotationAppearance Code = "annotation_appearance"
	CodeJavaScript           Code = "java_script"
	CodeAction               Code = "action"
	CodeForm                 Code = "form"
	CodeAttachments          Code = "attachments"
	CodeAttachmentRelation   Code = "attachment_relation"

	// Level A.
	CodeNotTagged Code = "not_tagged"
)

// sentence is the message of a fault: the problem, without the point at its end, and what to do.
// «{PDF/A}» stands for what the file claims to be.
type sentence struct{ problem, advice string }

// What most faults need.
const (
	saveAgain   = "Сохраните документ заново как PDF/A в программе, в которой он составлен."
	exportAgain = "Сохраните исходный документ как PDF/A: в Word — «Сохранить как» → PDF → «Параметры» → «Совместимый с PDF/A», " +
		"в LibreOffice — «Экспорт в PDF» → «Архивный (PDF/A)»."
	chooseNewer = "Сохраните документ как PDF/A-2 или уберите это из него и сохраните заново."
)

var sentences = map[Code]sentence{
	CodeEmpty:        {"Файл пуст", "Выберите файл с документом."},
	CodeWord:         {"Это документ Word, а не PDF", exportAgain},
	CodeOpenDocument: {"Это документ OpenDocument (LibreOffice), а не PDF", exportAgain},
	CodePicture:      {"Это изображение, а не PDF", "Сохраните документ как PDF/A: программы сканирования умеют это сами."},
	CodeNotPDF:       {"Это не файл PDF", exportAgain},
	CodeTruncated:    {"Файл PDF обрывается: его конца нет", "Скорее всего, он скачан или скопирован не полностью: получите его ещё раз."},
	CodeEncrypted:    {"Файл защищён паролем или ограничениями; в PDF/A шифрование запрещено", "Снимите защиту и сохраните документ как PDF/A."},
	CodeTooComplex:   {"Файл устроен слишком сложно, чтобы его проверить", "Разделите документ на части или сохраните его как PDF/A другой программой."},
	CodeDamaged:      {"Файл PDF повреждён: часть его содержимого не читается", saveAgain},

	CodeHeader:          {"Начало файла не такое, какого требует PDF/A", saveAgain},
	CodeAfterEnd:        {"После конца документа в файле есть посторонние данные", saveAgain},
	CodeNoID:            {"В файле нет идентификатора (ID)", saveAgain},
	CodeStreamedXRef:    {"Таблица ссылок файла сжата; в PDF/A-1 это запрещено", "Сохраните документ как PDF/A-2 или отключите сжатие структуры файла."},
	CodeExternalStream:  {"Часть содержимого лежит в другом файле", "Сохраните документ как PDF/A со всем содержимым внутри."},
	CodeFilter:          {"Содержимое сжато способом, который в {PDF/A} запрещён", saveAgain},
	CodeStreamLength:    {"Длина части содержимого указана неверно", saveAgain},
	CodeInfoForbidden:   {"В файле есть сведения о документе (Info), которых в PDF/A-4 быть не должно", saveAgain},
	CodeOptionalContent: {"В документе есть слои, которые в {PDF/A} запрещены или описаны неверно", "Объедините слои и сохраните документ заново."},
	CodeRequirements:    {"Документ требует от программы просмотра особых возможностей", saveAgain},

	CodeNoClaim:      {"Это обычный PDF: в его метаданных не указано, что он PDF/A", exportAgain},
	CodeUnknownClaim: {"В метаданных указаны часть или уровень PDF/A, которых нет в стандарте", "Сохраните документ как PDF/A-1, 2, 3 или 4."},
	CodeMetadata:     {"Метаданные документа (XMP) не читаются или записаны не так, как требует PDF/A", saveAgain},
	CodeInfoDiffers: {
		"Сведения о документе расходятся с его метаданными",
		"Сохраните документ заново как PDF/A, не меняя его свойств другой программой.",
	},
	CodeMetadataSchema: {"В метаданных есть свойства, описания которых в файле нет", saveAgain},

	CodeNoOutputIntent: {"Не указан цветовой профиль документа (OutputIntent)", saveAgain},
	CodeProfile:        {"Цветовой профиль повреждён или не подходит для {PDF/A}", saveAgain},
	CodeDeviceColor:    {"Цвета изображений не соответствуют цветовому профилю документа", "Сохраните документ как PDF/A с преобразованием цветов (обычно в sRGB)."},

	CodeNoPages:         {"В документе нет страниц", saveAgain},
	CodeTransparency:    {"Есть прозрачные объекты, они запрещены в PDF/A-1", "Сохраните документ как PDF/A-2 или уберите прозрачность и тени."},
	CodeBlendMode:       {"Неизвестный режим наложения цветов", saveAgain},
	CodeTransfer:        {"Есть преобразования цветов для печати, они запрещены в PDF/A", saveAgain},
	CodeImage:           {"Есть изображения с возможностями, которые запрещены в PDF/A", saveAgain},
	CodeExternalContent: {"На странице есть содержимое из другого файла или на языке PostScript", "Вставьте содержимое в сам документ и сохраните его заново."},

	CodeFontNotEmbedded: {"Шрифты не внедрены в файл", "Сохраните документ как PDF/A: тогда шрифты внедряются сами. Если шрифт внедрять нельзя, замените его."},
	CodeFontProgram:     {"Внедрённые шрифты повреждены или не того вида, который допускает {PDF/A}", saveAgain},
	CodeFontIncomplete:  {"Шрифты описаны не полностью", saveAgain},
	CodeFontEncoding:    {"Кодировка шрифтов указана не так, как требует PDF/A", saveAgain},
	CodeFontSubset:      {"Нет перечня символов внедрённых шрифтов, которого требует PDF/A-1", "Сохраните документ как PDF/A-2 или внедрите шрифты целиком."},
	CodeFontText:        {"По шрифтам нельзя восстановить текст, как того требует {PDF/A}", "Сохраните документ с уровнем B, например PDF/A-2b."},

	CodeAnnotationKind:       {"Есть примечания или вставки, вид которых запрещён в {PDF/A}", chooseNewer},
	CodeAnnotationFlags:      {"Есть примечания или ссылки, которые скрыты или не печатаются", saveAgain},
	CodeAnnotationAppearance: {"Вид примечаний или полей не сохранён в файле", saveAgain},
	CodeJavaScript:           {"В документе есть программы (JavaScript)", "Уберите их: подписанный документ не должен меняться."},
	CodeAction:               {"Есть действия, которые запрещены в PDF/A", "Уберите кнопки и действия и сохраните документ заново."},
	CodeForm:                 {"Есть поля формы, вид которых зависит от программы просмотра", "Сохраните заполненную форму как обычный документ PDF/A."},
	CodeAttachments:          {"Есть вложенные файлы, которые в {PDF/A} запрещены", "Уберите вложения и загрузите их отдельно или сохраните документ как PDF/A-3."},
	CodeAttachmentRelation:   {"Не указано, как вложенные файлы связаны с документом", saveAgain},

	CodeNotTagged: {"Указан уровень A, но документ не размечен (нет структуры)", "Сохраните его с разметкой («тегами») или с уровнем B, например PDF/A-2b."},
}

// Codes returns all codes, sorted.
func Codes() []Code { return slices.Sorted(maps.Keys(sentences)) }
