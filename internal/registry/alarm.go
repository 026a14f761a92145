package registry

// Alarm is why somebody has to look at the nightly reading of the registry. It is the kind of the moderators' notification
// and the value of the search attribute of the same name.
type Alarm string

// The alarms.
const (
	AlarmHeld   Alarm = "registry-held"   // a snapshot waits for an operator
	AlarmFailed Alarm = "registry-failed" // a run ended before its snapshot was applied whole
	AlarmMissed Alarm = "registry-missed" // no run began at the time of one
	AlarmForged Alarm = "registry-forged" // a decision in a moderator's name did not come over the platform
)

var alarmTexts = map[Alarm]string{
	AlarmHeld:   "Снимок реестра СРО ждёт решения оператора: он лишил бы статуса слишком многих инженеров. Ничего не изменено",
	AlarmFailed: "Загрузка реестра СРО не удалась, причина — в отчёте о ней. Что она успела применить, осталось; остальное сделает следующая",
	AlarmMissed: "Ночная загрузка реестра СРО не началась в назначенное время. Действуют сведения прежнего снимка",
	AlarmForged: "Кто-то решил о задержанном снимке реестра СРО от имени модератора в обход платформы. Ничего не изменено, снимок ждёт решения",
}

// Text is what a moderator reads; empty for what is no alarm.
func (a Alarm) Text() string { return alarmTexts[a] }

// Alarms lists every alarm.
func Alarms() []Alarm { return []Alarm{AlarmHeld, AlarmFailed, AlarmMissed, AlarmForged} }
