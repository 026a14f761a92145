// Package template reads the texts of standard documents, which lawyers edit, and makes documents of
// them.
//
// A text is parsed into blocks before any value is known, and values are put into the blocks' text
// afterwards: no value can become a heading, a condition or another placeholder. Everything that can
// be wrong with a text is found when it is parsed: unknown names, unclosed conditions, a value that
// may be absent outside a condition on it, a reference to a clause that may be absent. Errors give
// the file and the line.
//
// The format is UTF-8, one block after another:
//
//	название: Договор подряда         the head: name, version and footer, up to the first empty line
//	версия: 1
//	колонтитул: Договор № {{договор.номер}}
//
//	// a comment
//	# Договор № {{договор.номер}}     the title
//	## [предмет] Предмет договора     a section, numbered; [предмет] is a label, which may be omitted
//	1. [работы] Исполнитель обязуется a clause, numbered 1.1 whatever the digit is
//	   1. …                           a clause inside the clause, indented by two or more spaces
//	Текст **жирный** текст            a paragraph; lines up to an empty line or a sign belong together
//	> Текст                           a paragraph at the right edge
//
//	{{заказчик.имя}}                  a value
//	{{пункт работы}}                  the number of the clause or section with this label
//	{{#если заказчик.телефон}} … {{иначе}} … {{/если}}
//	                                  on lines of their own around blocks, or inside a text; the name
//	                                  is a flag, or a value that may be absent; «не» inverts it
//
//	{{#таблица работы}}               a table: headers, shares of the width with alignment (> right,
//	| № | Работы | Цена, руб. |       ^ centre), the cells of each row, and perhaps of a last row
//	| 1 ^ | 7 | 2 > |
//	| {{номер}} | {{работа}} | {{стоимость}} |
//	| | Итого | {{цена}} |
//	{{/таблица}}
//
//	{{#колонки}}                      texts side by side; each line is a paragraph
//	г. {{договор.место}}
//	{{колонка}}
//	> {{договор.дата}}
//	{{/колонки}}
//
//	{{#подписи}}                      the places of signatures: role and signer
//	Заказчик | {{заказчик.подписант}}
//	{{/подписи}}
//
//	{{код оплата 40}} QR-код          a QR code of 40 mm, with its text for those who do not see it
//
// text/template of the standard library is of no use here: it puts values into the text first.
package template
