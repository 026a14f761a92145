package problems

import (
	"maps"
	"slices"

	"epkr/internal/order"
	"epkr/internal/signature"
)

// The codes of problems. They are stable, because programs and the web app rely on them. A refusal
// by an order has the code of package order and status 409.
const (
	NotSignedIn      = "not_signed_in"
	SessionExpired   = "session_expired"
	AccountInactive  = "account_inactive"
	RoleRequired     = "role_required"
	RoleUnavailable  = "role_unavailable"
	ConsentRequired  = "consent_required"
	ConsentChanged   = "consent_changed"
	WrongRole        = "wrong_role"
	AuthorityStale   = "authority_stale"
	HeadOnly         = "organisation_head_only"
	AdmitsHead       = "head_needs_no_admission"
	OtherPerson      = "other_person"
	CrossOrigin      = "cross_origin"
	LoginExpired     = "login_expired"
	ActingChanged    = "acting_changed"
	MembershipStale  = "membership_stale"
	IdentityConflict = "identity_conflict"

	BadRequest       = "bad_request"
	NotFound         = "not_found"
	MethodNotAllowed = "method_not_allowed"
	RequestTimeout   = "request_timeout"
	BodyTooLarge     = "body_too_large"
	UnsupportedType  = "unsupported_media_type"
	ContentEncoding  = "unsupported_content_encoding"
	Validation       = "validation_failed"
	HeadersTooLarge  = "headers_too_large"
	TooManyMessages  = "too_many_messages"
	TooManyRequests  = "too_many_requests"
	TooManySignIns   = "too_many_sign_ins"
	SignInBusy       = "sign_in_busy"
	TooManyPending   = "too_many_unanswered"
	TooManyToday     = "too_many_today"
	OrderBusy        = "order_busy"
	TooManyArchives  = "too_many_archives"
	MessageTooLarge  = "message_too_large"
	OrderHalted      = "order_halted"
	Internal         = "internal"
	Timeout          = "timeout"
	Unavailable      = "unavailable"
	Closing          = "shutting_down"

	OrderNotFound  = "order_not_found"
	KeyReused      = "idempotency_key_reused"
	UnknownOutcome = "acceptance_unknown"
	FormVersion    = "form_version_conflict"
	// DataChanged refuses a change of data that somebody else has changed since the form was opened.
	DataChanged = "data_changed"
	// EmployersRequisites refuses a change of requisites by an engineer who has none of his own.
	EmployersRequisites = "requisites_of_employer"
	FileNotFound        = "file_not_found"
	TooManyDrafts       = "too_many_drafts"
	TooManyFiles        = "too_many_files"
	// NoUploads refuses an upload by a person who has no action that takes files.
	NoUploads      = "upload_not_expected"
	FileTooLarge   = "file_too_large"
	FileInUse      = "file_in_use"
	FileNotStored  = "file_not_stored"
	UploadNotOpen  = "upload_not_open"
	UploadUnequal  = "upload_incomplete"
	NoStorage      = "storage_unavailable"
	StreamReplaced = "stream_replaced"
	RunDecided     = "registry_run_decided"
	OwnDecision    = "moderator_decides_on_own"

	EmployerHasStaff  = "employer_has_staff"
	EmployedElsewhere = "engineer_employed_elsewhere"
	EmploymentAsked   = "employment_already_asked"
	EmploymentChanged = "employment_changed"
	// OrdersChanged refuses a decision on an employee that does not answer for each of his orders.
	OrdersChanged = "employee_orders_changed"
	OrdersInWork  = "employee_orders_in_work"
	// HasEmployer refuses the form of work of a sole proprietor to an engineer who has an employer.
	HasEmployer = "engineer_has_employer"

	EngineerNotListed = "engineer_not_listed"
	ReviewNotFound    = "review_not_found"
	ReplyChanged      = "review_reply_changed"
	ReplyClosed       = "review_reply_closed"
	ReviewDecided     = "review_decided"

	// AccountOfModerator refuses to switch off an account that decides on others.
	AccountOfModerator = "account_of_moderator"
	AccountChanged     = "account_changed"
	SearchChanged      = "saved_search_changed"
	// SignaturesOff refuses a signature while the platform has no authorities to judge it by.
	SignaturesOff = "signatures_not_configured"
	// ChecksBusy and CheckTimeout refuse checks on the open page of signatures.
	ChecksBusy   = "signature_checks_busy"
	CheckTimeout = "signature_check_timeout"
	// SignatureUnchecked refuses the protocol of a signature that has no recorded check.
	SignatureUnchecked = "signature_protocol_missing"
	// GoskeyOff refuses a signature in «Госключ» that is not offered to this person.
	GoskeyOff       = "goskey_not_offered"
	TooManySearches = "too_many_saved_searches"
	ChatNotFound    = "chat_not_found"
	ChatClosed      = "chat_closed"
	// ChatMessageFinal refuses to correct or withdraw a message.
	ChatMessageFinal = "chat_message_final"

	// MailOff refuses an address for letters while the platform sends none.
	MailOff       = "mail_not_configured"
	NoMailAddress = "mail_address_missing"
	// TooManyLetters refuses one more letter that asks for the confirmation of an address.
	TooManyLetters  = "too_many_confirmation_letters"
	MailLinkInvalid = "mail_link_invalid"
)

// problemKind contains what all problems of a code have in common.
type problemKind struct {
	status        int
	title, detail string
}

// Codes returns every code of a problem, sorted: those of the table, those of refusals by an order, and
// those of refused signatures.
func Codes() []string {
	codes := slices.Collect(maps.Keys(problemKinds))
	for _, code := range order.Codes() {
		codes = append(codes, string(code))
	}
	for _, refusal := range signature.Refusals() {
		codes = append(codes, signaturePrefix+string(refusal.Code))
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// Explain returns the title and the text of a code.
func Explain(code string) (title, detail string, known bool) {
	if kind, found := problemKinds[code]; found {
		return kind.title, kind.detail, true
	}
	if text := signatureText(code); text != "" {
		return signatureTitle, text, true
	}
	reason := order.ReasonOf(order.Code(code))
	return refusedTitle, reason, reason != ""
}

// problemKinds is the only table of codes, statuses and texts.
var problemKinds = map[string]problemKind{
	NotSignedIn:     {401, "Вход не выполнен", "Войдите через Госуслуги, чтобы продолжить."},
	SessionExpired:  {401, "Сеанс завершён", "Сеанс завершён: истекло время работы, вы вышли или сменили роль в другом окне. Войдите снова."},
	AccountInactive: {403, "Учётная запись отключена", "Ваша учётная запись на платформе отключена. Обратитесь в службу поддержки."},
	RoleRequired:    {403, "Роль не выбрана", "Выберите, в какой роли вы продолжите работу."},
	SignaturesOff: {
		503, "Подписи не проверяются",
		"Платформа сейчас не может проверить электронную подпись: не настроены удостоверяющие центры. Действие не выполнено, повторите его позже или обратитесь в службу поддержки.",
	},
	ChecksBusy:   {503, "Сейчас проверяют другие", "Платформа уже проверяет подписи других людей. Подождите немного и нажмите «Проверить» ещё раз."},
	CheckTimeout: {503, "Проверка не закончена", "Платформа не успела проверить подпись за отведённое время. Повторите позже."},
	SignatureUnchecked: {
		409, "Подпись не проверялась",
		"Эта подпись принята до того, как платформа начала проверять подписи, поэтому протокола проверки нет. Скачайте документ и подпись и проверьте их отдельно.",
	},
	GoskeyOff: {
		409, "Госключ недоступен",
		"Подписать документ в Госключе сейчас нельзя: платформа к нему не подключена, или вы действуете от имени организации как её представитель, а в Госключе за организацию подписывает руководитель. Подпишите документ другим способом.",
	},
	RoleUnavailable: {403, "Роль недоступна", "Эта роль вам больше не доступна. Выберите другую роль или войдите снова."},
	ConsentRequired: {403, "Нужно согласие", "Для работы на платформе нужно согласие на обработку персональных данных."},
	ConsentChanged:  {409, "Текст согласия изменился", "Текст согласия изменился, пока вы его читали. Прочитайте новый текст и подтвердите согласие."},
	WrongRole:       {403, "Недоступно в этой роли", "В выбранной роли это действие недоступно. Смените роль и повторите."},
	AuthorityStale:  {403, "Подтвердите полномочия", "Полномочия руководителя проверены на Госуслугах слишком давно. Подтвердите их ещё раз: заполненное сохранится, и вы вернётесь к этому действию."},
	HeadOnly:        {403, "Доступно руководителю", "Это может только руководитель организации, которого так называют Госуслуги."},
	AdmitsHead:      {409, "Допуск не нужен", "Руководитель действует от имени организации без допуска."},
	OtherPerson:     {403, "Вошёл другой человек", "На Госуслугах вошёл другой человек. Подтвердить полномочия может только тот, кто начал действие. Ваш прежний сеанс не изменился."},
	CrossOrigin:     {403, "Запрос с чужого сайта", "Запрос пришёл со страницы другого сайта и не выполнен."},
	LoginExpired:    {400, "Вход не завершён", "Вход начат в другом окне или браузере, его время истекло или ссылка уже использована. Нажмите «Войти» ещё раз."},

	ActingChanged:    {409, "Выбрана другая роль", "В другой вкладке выбрана другая роль или вошёл другой человек, поэтому действие не выполнено. Вернитесь к прежней роли или откройте страницу в новой."},
	MembershipStale:  {403, "Подтвердите полномочия", "Данные Госуслуг о вашей работе в организации пора проверить заново. Подтвердите их: заполненное сохранится, и вы вернётесь сюда."},
	IdentityConflict: {403, "Личность не подтверждена", "По этому СНИЛС на платформе уже работает человек с другим именем или другой датой рождения. Вход остановлен, чтобы никто не попал в чужой кабинет. Обратитесь в службу поддержки платформы: она сверит данные."},

	ChatNotFound: {404, "Переписки нет", "Такой переписки нет, или она вам недоступна."},
	ChatClosed:   {409, "Переписка закрыта", "Писать в эту переписку уже нельзя. Её можно читать."},
	ChatMessageFinal: {
		409, "Сообщение не изменить",
		"Исправить или отозвать сообщение можно только в течение 15 минут после отправки. Напишите новое сообщение.",
	},

	BadRequest:          {400, "Запрос не прочитан", "Запрос не удалось прочитать. Обновите страницу и повторите."},
	NotFound:            {404, "Не найдено", "Такой страницы или записи нет."},
	MethodNotAllowed:    {405, "Действие не поддерживается", "По этому адресу такое действие не выполняется."},
	RequestTimeout:      {408, "Запрос не дошёл", "Запрос не дошёл целиком за отведённое время. Повторите."},
	BodyTooLarge:        {413, "Слишком большой запрос", "Запрос больше 1 МБ. Файлы загружаются отдельно, частями."},
	UnsupportedType:     {415, "Неизвестный формат", "Запрос принимается только в формате JSON."},
	ContentEncoding:     {415, "Сжатый запрос", "Платформа не принимает сжатые запросы. Отправьте содержимое как есть, без Content-Encoding."},
	Validation:          {422, "Проверьте заполнение", "Некоторые поля заполнены неверно."},
	HeadersTooLarge:     {431, "Слишком большой запрос", "Заголовки запроса слишком велики. Очистите файлы cookie этого сайта и повторите."},
	TooManyMessages:     {429, "Слишком часто", "Действия по заказу идут слишком часто. Подождите секунду и повторите."},
	TooManyPending:      {429, "Слишком много необработанных действий", "Прежние действия по этому заказу ещё обрабатываются. Дождитесь их результата и повторите."},
	TooManyToday:        {429, "Слишком много действий", "За сутки вы отправили этому заказу слишком много действий. Повторите завтра."},
	OrderBusy:           {429, "Заказ занят", "По этому заказу сейчас приходит слишком много действий. Подождите минуту и повторите: введённое не пропало."},
	MessageTooLarge:     {413, "Слишком большое действие", "Данные действия больше 64 КБ. Сократите указанное поле и повторите."},
	OrderHalted:         {503, "Заказ временно остановлен", "Работа этого заказа остановлена сбоем на платформе, модераторы уже знают о нём. Действие не выполнено, введённое не пропало: повторите его, когда заказ возобновят."},
	Internal:            {500, "Ошибка платформы", "На платформе произошла ошибка, мы уже знаем о ней. Повторите позже."},
	Unavailable:         {503, "Платформа временно недоступна", "Платформа временно недоступна: введённое не пропало, повторите через минуту."},
	Timeout:             {503, "Платформа не успела ответить", "Платформа не успела ответить. Повторите через минуту."},
	OrderNotFound:       {404, "Заказ не найден", "Такого заказа для вас нет."},
	KeyReused:           {422, "Ключ уже использован", "С этим ключом идемпотентности уже отправлено другое содержание. Возьмите новый ключ."},
	UnknownOutcome:      {503, "Принято ли действие, неизвестно", "Платформа не успела подтвердить, что действие принято. Повторите его: второй раз оно не выполнится."},
	FormVersion:         {409, "Проект изменён в другом окне", "Этот проект сохранён в другом окне. Обновите страницу, чтобы не потерять изменения."},
	DataChanged:         {409, "Данные изменены", "Пока вы заполняли форму, эти данные сохранены в другом окне или другим человеком. Сравните их со своими и сохраните снова: введённое не пропало."},
	EmployersRequisites: {409, "Реквизиты заполняет работодатель", "Реквизиты сотрудника организации заполняет его работодатель, здесь их изменить нельзя."},
	FileNotFound:        {404, "Файл не найден", "Такого файла для вас нет."},
	TooManyFiles:        {409, "Слишком много файлов", "К одному заказу за день можно загрузить ограниченное число файлов. Соберите файлы в архив или продолжите завтра."},
	TooManyDrafts:       {409, "Слишком много проектов", "У вас слишком много проектов заказов. Опубликуйте или удалите ненужные и повторите."},
	FileTooLarge:        {422, "Слишком большой файл", "Файл больше, чем принимает платформа."},
	FileInUse:           {409, "Файл используется", "Файл уже приложен к документам заказа, удалить его нельзя."},
	FileNotStored:       {409, "Файл ещё не готов", "Файл ещё загружается или проверяется."},
	UploadNotOpen:       {409, "Загрузка завершена", "Загрузка этого файла уже завершена или отменена."},
	UploadUnequal:       {409, "Файл загружен не полностью", "Не все части файла загружены. Загрузите недостающие и повторите."},
	NoStorage:           {503, "Хранилище файлов недоступно", "Хранилище файлов сейчас не отвечает. Повторите через минуту."},
	OwnDecision:         {409, "Решение должен принять другой модератор", "Этот инженер — вы сами, ваш коллега или исполнитель вашего заказа. Решение о нём должен принять другой модератор."},
	RunDecided:          {409, "Решение не требуется", "Эта загрузка реестра не ждёт решения."},
	TooManyRequests:     {429, "Слишком много запросов", "С вашей учётной записи или из вашей сети приходит слишком много запросов. Введённое не пропало: подождите несколько секунд и повторите."},
	TooManySignIns:      {429, "Слишком много входов", "Из вашей сети слишком часто начинают вход. Подождите минуту и нажмите «Войти» ещё раз."},
	TooManyArchives:     {503, "Выгрузка занята", "Сейчас документы выгружают слишком многие. Подождите полминуты и повторите, или скачайте документы по одному."},
	SignInBusy:          {503, "Вход занят", "Сейчас входят слишком многие. Подождите минуту и нажмите «Войти» ещё раз."},
	NoUploads:           {409, "Файл не нужен", "Сейчас у вас нет по этому заказу действия, к которому прикладывают файлы. Обновите страницу: возможно, заказ изменился."},
	StreamReplaced:      {409, "Слишком много окон", "Платформа открыта в слишком многих окнах: в этом события больше не приходят сами. Закройте лишние или обновите страницу."},

	EmployerHasStaff:  {409, "Есть сотрудники или заявки", "Пока у организации есть сотрудники или заявки на рассмотрении, она остаётся работодателем."},
	EmployedElsewhere: {409, "Уже есть работодатель", "Этот кадастровый инженер уже сотрудник другой организации. Он сможет присоединиться к вашей, когда удалит прежнего работодателя."},
	EmploymentAsked:   {409, "Заявка уже есть", "Одна ваша заявка уже на рассмотрении. Дождитесь ответа или отзовите её, затем подайте новую."},
	EmploymentChanged: {409, "Заявка изменилась", "Пока вы решали, заявку или состояние сотрудника изменили. Посмотрите, что с ней стало, и решите снова."},
	OrdersChanged:     {409, "Заказы сотрудника изменились", "Пока вы отвечали, заказы сотрудника изменились. Посмотрите новый список и ответьте, что станет с каждым."},
	OrdersInWork:      {409, "Есть незавершённые заказы", "От этого работодателя ведутся заказы. Завершите их или попросите работодателя удалить вас."},
	HasEmployer:       {409, "Сначала удалите работодателя", "Вы числитесь у работодателя или подали ему заявку. Нажмите «Удалить» в разделе «Работодатель» профиля, после этого можно указать, что вы индивидуальный предприниматель."},

	EngineerNotListed: {404, "Инженера нет в списке", "Этого кадастрового инженера нет в общем списке: его нет на платформе, он не действует в реестре или не заполнил профиль."},
	ReviewNotFound:    {404, "Отзыв не найден", "Такого отзыва для вас нет: возможно, заказчик снял оценку или работы переделывают."},
	ReplyChanged:      {409, "Ответ изменён в другом окне", "Ответ на этот отзыв уже сохранён в другом окне. Прочитайте его и сохраните свой вариант ещё раз: введённое не пропало."},
	ReplyClosed:       {409, "Ответ уже не изменить", "Ответ на отзыв можно изменить в течение 14 дней после первого сохранения. Этот срок прошёл."},
	ReviewDecided:     {409, "Решение уже принято", "Другой модератор уже решил об этом тексте. Обновите страницу и прочитайте его решение."},

	AccountOfModerator: {409, "Это учётная запись модератора", "Учётную запись модератора, и свою тоже, отключить нельзя. Модераторов назначает оператор платформы: сначала он исключит этого человека из их списка."},
	AccountChanged:     {409, "Решение уже принято", "Пока вы решали, другой модератор принял решение об этой учётной записи. Прочитайте его: введённая причина сохранилась."},
	SearchChanged:      {409, "Поиск изменён в другом окне", "Этот сохранённый поиск изменён или удалён в другом окне. Посмотрите, каким он стал, и повторите: введённое сохранилось."},
	TooManySearches:    {409, "Слишком много поисков", "Сохранить можно не больше 20 поисков. Удалите ненужный и повторите."},

	MailOff:         {409, "Письма не отправляются", "Платформа сейчас не отправляет писем. Уведомления видны на платформе."},
	NoMailAddress:   {409, "Адрес не указан", "Сначала укажите адрес электронной почты."},
	TooManyLetters:  {409, "Слишком много писем", "За сутки можно отправить не больше 5 писем для подтверждения адреса. Проверьте папку «Спам» или повторите завтра."},
	MailLinkInvalid: {409, "Ссылка не действует", "Ссылка не действует: она неполная, или после этого письма адрес изменили. Откройте ссылку из последнего письма или запросите новое в настройках учетной записи."},

	Closing: {503, "Платформа перезапускается", "Платформа перезапускается. Повторите через несколько секунд."},
}
