package registry

// Alarm is a problem of the registry sync that a person must look at. It is the kind of the
// moderators' notification and the value of the search attribute of the same name.
type Alarm string

// The alarms.
const (
	AlarmAwaitingApproval Alarm = "registry-held"   // a snapshot awaits approval by an operator
	AlarmFailed           Alarm = "registry-failed" // a run ended before its snapshot was applied completely
	AlarmMissed           Alarm = "registry-missed" // no run started at a scheduled time
	AlarmForged           Alarm = "registry-forged" // a decision in a moderator's name was not sent through the platform
)

var alarmTexts = map[Alarm]string{
	AlarmAwaitingApproval: "Снимок реестра СРО ждёт решения оператора: он лишил бы статуса слишком многих инженеров. Ничего не изменено",
	AlarmFailed:           "Загрузка реестра СРО не удалась, причина — в отчёте о ней. Что она успела применить, осталось; остальное сделает следующая",
	AlarmMissed:           "Ночная загрузка реестра СРО не началась в назначенное время. Действуют сведения прежнего снимка",
	AlarmForged:           "Кто-то решил о задержанном снимке реестра СРО от имени модератора в обход платформы. Ничего не изменено, снимок ждёт решения",
}

// Text returns the text for moderators; "" for an unknown alarm.
func (a Alarm) Text() string { return alarmTexts[a] }

// Alarms returns every alarm.
func Alarms() []Alarm { return []Alarm{AlarmAwaitingApproval, AlarmFailed, AlarmMissed, AlarmForged} }
