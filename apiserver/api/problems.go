package api

import "epkr/internal/order"

// The codes of problems. They are stable: programs and the web app rely on them. A refusal by an order has the code that
// package order gives it, and status 409.
const (
	codeNotSignedIn      = "not_signed_in"
	codeSessionExpired   = "session_expired"
	codeAccountInactive  = "account_inactive"
	codeRoleRequired     = "role_required"
	codeRoleUnavailable  = "role_unavailable"
	codeConsentRequired  = "consent_required"
	codeConsentChanged   = "consent_changed"
	codeWrongRole        = "wrong_role"
	codeAuthorityStale   = "authority_stale"
	codeHeadOnly         = "organisation_head_only"
	codeAdmitsHead       = "head_needs_no_admission"
	codeOtherPerson      = "other_person"
	codeCrossOrigin      = "cross_origin"
	codeLoginExpired     = "login_expired"
	codeActingChanged    = "acting_changed"
	codeMembershipStale  = "membership_stale"
	codeIdentityConflict = "identity_conflict"

	codeBadRequest       = "bad_request"
	codeNotFound         = "not_found"
	codeMethodNotAllowed = "method_not_allowed"
	codeRequestTimeout   = "request_timeout"
	codeBodyTooLarge     = "body_too_large"
	codeUnsupportedType  = "unsupported_media_type"
	codeContentEncoding  = "unsupported_content_encoding"
	codeValidation       = "validation_failed"
	codeHeadersTooLarge  = "headers_too_large"
	codeTooManyMessages  = "too_many_messages"
	codeTooManyRequests  = "too_many_requests"
	codeTooManySignIns   = "too_many_sign_ins"
	codeSignInBusy       = "sign_in_busy"
	codeTooManyPending   = "too_many_unanswered"
	codeTooManyToday     = "too_many_today"
	codeOrderBusy        = "order_busy"
	codeMessageTooLarge  = "message_too_large"
	codeOrderHalted      = "order_halted"
	codeInternal         = "internal"
	codeTimeout          = "timeout"
	codeUnavailable      = "unavailable"
	codeClosing          = "shutting_down"

	codeOrderNotFound  = "order_not_found"
	codeKeyReused      = "idempotency_key_reused"
	codeUnknownOutcome = "acceptance_unknown"
	codeFormVersion    = "form_version_conflict"
	codeFileNotFound   = "file_not_found"
	codeTooManyDrafts  = "too_many_drafts"
	codeTooManyFiles   = "too_many_files"
	// codeNoUploads is for whom no action takes a file.
	codeNoUploads      = "upload_not_expected"
	codeFileTooLarge   = "file_too_large"
	codeFileInUse      = "file_in_use"
	codeFileNotStored  = "file_not_stored"
	codeUploadNotOpen  = "upload_not_open"
	codeUploadUnequal  = "upload_incomplete"
	codeNoStorage      = "storage_unavailable"
	codeStreamReplaced = "stream_replaced"
	codeRunDecided     = "registry_run_decided"
	codeOwnDecision    = "moderator_decides_on_own"
)

// problemKind is what every problem of a code has in common.
type problemKind struct {
	status        int
	title, detail string
}

// Explain gives the title and the text of a code: of the table, or of the refusals by an order.
func Explain(code string) (title, detail string, known bool) {
	if kind, found := problemKinds[code]; found {
		return kind.title, kind.detail, true
	}
	reason := order.ReasonOf(order.Code(code))
	return refusedTitle, reason, reason != ""
}

// problemKinds is the one table of codes, statuses and texts.
var problemKinds = map[string]problemKind{
	codeNotSignedIn:     {401, "Вход не выполнен", "Войдите через Госуслуги, чтобы продолжить."},
	codeSessionExpired:  {401, "Сеанс завершён", "Сеанс завершён: истекло время работы, вы вышли или сменили роль в другом окне. Войдите снова."},
	codeAccountInactive: {403, "Учётная запись отключена", "Ваша учётная запись на платформе отключена. Обратитесь в службу поддержки."},
	codeRoleRequired:    {403, "Роль не выбрана", "Выберите, в какой роли вы продолжите работу."},
	codeRoleUnavailable: {403, "Роль недоступна", "Эта роль вам больше не доступна. Выберите другую роль или войдите снова."},
	codeConsentRequired: {403, "Нужно согласие", "Для работы на платформе нужно согласие на обработку персональных данных."},
	codeConsentChanged:  {409, "Текст согласия изменился", "Текст согласия изменился, пока вы его читали. Прочитайте новый текст и подтвердите согласие."},
	codeWrongRole:       {403, "Недоступно в этой роли", "В выбранной роли это действие недоступно. Смените роль и повторите."},
	codeAuthorityStale:  {403, "Подтвердите полномочия", "Полномочия руководителя проверены на Госуслугах слишком давно. Подтвердите их ещё раз: заполненное сохранится, и вы вернётесь к этому действию."},
	codeHeadOnly:        {403, "Доступно руководителю", "Это может только руководитель организации, которого так называют Госуслуги."},
	codeAdmitsHead:      {409, "Допуск не нужен", "Руководитель действует от имени организации без допуска."},
	codeOtherPerson:     {403, "Вошёл другой человек", "На Госуслугах вошёл другой человек. Подтвердить полномочия может только тот, кто начал действие. Ваш прежний сеанс не изменился."},
	codeCrossOrigin:     {403, "Запрос с чужого сайта", "Запрос пришёл со страницы другого сайта и не выполнен."},
	codeLoginExpired:    {400, "Вход не завершён", "Вход начат в другом окне или браузере, его время истекло или ссылка уже использована. Нажмите «Войти» ещё раз."},

	codeActingChanged:    {409, "Выбрана другая роль", "В другой вкладке выбрана другая роль или вошёл другой человек, поэтому действие не выполнено. Вернитесь к прежней роли или откройте страницу в новой."},
	codeMembershipStale:  {403, "Подтвердите полномочия", "Данные Госуслуг о вашей работе в организации пора проверить заново. Подтвердите их: заполненное сохранится, и вы вернётесь сюда."},
	codeIdentityConflict: {403, "Личность не подтверждена", "По этому СНИЛС на платформе уже работает человек с другим именем или другой датой рождения. Вход остановлен, чтобы никто не попал в чужой кабинет. Обратитесь в службу поддержки платформы: она сверит данные."},

	codeBadRequest:       {400, "Запрос не прочитан", "Запрос не удалось прочитать. Обновите страницу и повторите."},
	codeNotFound:         {404, "Не найдено", "Такой страницы или записи нет."},
	codeMethodNotAllowed: {405, "Действие не поддерживается", "По этому адресу такое действие не выполняется."},
	codeRequestTimeout:   {408, "Запрос не дошёл", "Запрос не дошёл целиком за отведённое время. Повторите."},
	codeBodyTooLarge:     {413, "Слишком большой запрос", "Запрос больше 1 МБ. Файлы загружаются отдельно, частями."},
	codeUnsupportedType:  {415, "Неизвестный формат", "Запрос принимается только в формате JSON."},
	codeContentEncoding:  {415, "Сжатый запрос", "Платформа не принимает сжатые запросы. Отправьте содержимое как есть, без Content-Encoding."},
	codeValidation:       {422, "Проверьте заполнение", "Некоторые поля заполнены неверно."},
	codeHeadersTooLarge:  {431, "Слишком большой запрос", "Заголовки запроса слишком велики. Очистите файлы cookie этого сайта и повторите."},
	codeTooManyMessages:  {429, "Слишком часто", "Действия по заказу идут слишком часто. Подождите секунду и повторите."},
	codeTooManyPending:   {429, "Слишком много необработанных действий", "Прежние действия по этому заказу ещё обрабатываются. Дождитесь их результата и повторите."},
	codeTooManyToday:     {429, "Слишком много действий", "За сутки вы отправили этому заказу слишком много действий. Повторите завтра."},
	codeOrderBusy:        {429, "Заказ занят", "По этому заказу сейчас приходит слишком много действий. Подождите минуту и повторите: введённое не пропало."},
	codeMessageTooLarge:  {413, "Слишком большое действие", "Данные действия больше 64 КБ. Сократите указанное поле и повторите."},
	codeOrderHalted:      {503, "Заказ временно остановлен", "Работа этого заказа остановлена сбоем на платформе, модераторы уже знают о нём. Действие не выполнено, введённое не пропало: повторите его, когда заказ возобновят."},
	codeInternal:         {500, "Ошибка платформы", "На платформе произошла ошибка, мы уже знаем о ней. Повторите позже."},
	codeUnavailable:      {503, "Платформа временно недоступна", "Платформа временно недоступна: введённое не пропало, повторите через минуту."},
	codeTimeout:          {503, "Платформа не успела ответить", "Платформа не успела ответить. Повторите через минуту."},
	codeOrderNotFound:    {404, "Заказ не найден", "Такого заказа для вас нет."},
	codeKeyReused:        {422, "Ключ уже использован", "С этим ключом идемпотентности уже отправлено другое содержание. Возьмите новый ключ."},
	codeUnknownOutcome:   {503, "Принято ли действие, неизвестно", "Платформа не успела подтвердить, что действие принято. Повторите его: второй раз оно не выполнится."},
	codeFormVersion:      {409, "Проект изменён в другом окне", "Этот проект сохранён в другом окне. Обновите страницу, чтобы не потерять изменения."},
	codeFileNotFound:     {404, "Файл не найден", "Такого файла в заказе для вас нет."},
	codeTooManyFiles:     {409, "Слишком много файлов", "К одному заказу за день можно загрузить ограниченное число файлов. Соберите файлы в архив или продолжите завтра."},
	codeTooManyDrafts:    {409, "Слишком много проектов", "У вас слишком много проектов заказов. Опубликуйте или удалите ненужные и повторите."},
	codeFileTooLarge:     {422, "Слишком большой файл", "Файл больше, чем принимает платформа."},
	codeFileInUse:        {409, "Файл используется", "Файл уже приложен к документам заказа, удалить его нельзя."},
	codeFileNotStored:    {409, "Файл ещё не готов", "Файл ещё загружается или проверяется."},
	codeUploadNotOpen:    {409, "Загрузка завершена", "Загрузка этого файла уже завершена или отменена."},
	codeUploadUnequal:    {409, "Файл загружен не полностью", "Не все части файла загружены. Загрузите недостающие и повторите."},
	codeNoStorage:        {503, "Хранилище файлов недоступно", "Хранилище файлов сейчас не отвечает. Повторите через минуту."},
	codeOwnDecision:      {409, "Решение должен принять другой модератор", "Этот инженер — вы сами, ваш коллега или исполнитель вашего заказа. Решение о нём должен принять другой модератор."},
	codeRunDecided:       {409, "Решение не требуется", "Эта загрузка реестра не ждёт решения."},
	codeTooManyRequests:  {429, "Слишком много запросов", "С вашей учётной записи или из вашей сети приходит слишком много запросов. Введённое не пропало: подождите несколько секунд и повторите."},
	codeTooManySignIns:   {429, "Слишком много входов", "Из вашей сети слишком часто начинают вход. Подождите минуту и нажмите «Войти» ещё раз."},
	codeSignInBusy:       {503, "Вход занят", "Сейчас входят слишком многие. Подождите минуту и нажмите «Войти» ещё раз."},
	codeNoUploads:        {409, "Файл не нужен", "Сейчас у вас нет по этому заказу действия, к которому прикладывают файлы. Обновите страницу: возможно, заказ изменился."},
	codeStreamReplaced:   {409, "Слишком много окон", "Платформа открыта в слишком многих окнах: в этом события больше не приходят сами. Закройте лишние или обновите страницу."},

	codeClosing: {503, "Платформа перезапускается", "Платформа перезапускается. Повторите через несколько секунд."},
}
