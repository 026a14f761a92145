package pdfa

import (
	"errors"
	"fmt"
	"io"

	"epkr/internal/pdfa/cos"
)

// check is the check of one file.
type check struct {
	file    *cos.File
	catalog cos.Dict
	found   findings
	report  Report

	page  int // that is being visited, from 1; 0 outside of the pages
	tasks []task
	seen  map[visit]bool

	head     []byte               // of the file
	intent   colorModel           // of the output intent
	devices  map[cos.Name]*places // that images use
	defaults map[cos.Name]bool
}

// task is a part of the file that waits to be visited.
type task struct {
	page int
	run  func()
}

// visit is that an object was visited in a role: the same dictionary may be reached as several things.
type visit struct {
	ref  cos.Ref
	role string
}

// stages are the steps of a check after the structure of the file was read, with what they check.
var stages = []struct {
	checked []string
	run     func(*check)
}{
	{[]string{"метаданные: заявленные часть и уровень PDF/A, свойства документа и их описания"}, (*check).metadata},
	{[]string{"строение файла: заголовок, таблицы ссылок, конец, шифрование"}, (*check).structure},
	{[]string{"цветовой профиль документа"}, (*check).outputIntents},
	{[]string{
		"страницы: прозрачность, цвета изображений, внешнее содержимое",
		"шрифты: внедрены ли они, описаны ли и годны ли",
		"примечания, действия, программы (JavaScript), поля форм",
		"вложенные файлы и слои",
	}, (*check).document},
	{[]string{"наличие разметки для уровня A"}, (*check).tagging},
}

// notChecked is what no check looks at.
var notChecked = []string{
	"цвета и команды внутри содержимого страниц",
	"рисунки и ширины отдельных символов в шрифтах",
	"полнота и порядок разметки",
	"содержимое вложенных файлов",
}

// Check checks a file of a size in bytes. The error is one of the reader; whatever the file has, is in
// the report.
func Check(r io.ReaderAt, size int64) (Report, error) {
	c := &check{
		seen: map[visit]bool{}, defaults: map[cos.Name]bool{},
		devices: map[cos.Name]*places{"DeviceRGB": {}, "DeviceCMYK": {}},
	}
	reason, err := c.open(r, size)
	if err != nil {
		return Report{}, fmt.Errorf("checking PDF/A: %w", err)
	}
	if reason != "" {
		c.found.add(reason, "")
	}
	c.run(reason)
	if c.file != nil && c.file.Err() != nil && !errors.Is(c.file.Err(), cos.ErrLimit) {
		return Report{}, fmt.Errorf("checking PDF/A: %w", c.file.Err())
	}
	standard := c.report.Standard()
	if standard == "" {
		standard = "PDF/A"
	}
	c.report.Faults = c.found.faults(standard)
	return c.report, nil
}

// run runs the stages until there is a reason to stop, and notes which were.
func (c *check) run(reason Code) {
	for _, stage := range stages {
		if reason == "" {
			stage.run(c)
			reason = c.stopped()
		}
		if reason == "" {
			c.report.Checked = append(c.report.Checked, stage.checked...)
		} else {
			c.report.NotChecked = append(c.report.NotChecked, stage.checked...)
		}
	}
	c.report.NotChecked = append(c.report.NotChecked, notChecked...)
}

// stopped adds the fault of an object that could not be read. It returns the code if no more can be.
func (c *check) stopped() Code {
	if c.file.Damage() != nil {
		c.found.add(CodeDamaged, "")
	}
	if c.file.Err() != nil {
		c.found.add(CodeTooComplex, "")
		return CodeTooComplex
	}
	return ""
}

// fault adds a fault of the page that is being visited.
func (c *check) fault(code Code) { c.found.add(code, c.place()) }

// place names the page that is being visited; "" outside of the pages.
func (c *check) place() string {
	if c.page == 0 {
		return ""
	}
	return fmt.Sprintf("страница %d", c.page)
}

// faultIf adds a fault of the page if it is there.
func (c *check) faultIf(is bool, code Code) {
	if is {
		c.fault(code)
	}
}

// once visits an object in a role, later and once; null never. Objects wait in a queue, so that what
// the file nests does not nest here, and a circle ends.
func (c *check) once(role string, v cos.Value, run func(cos.Value)) {
	if v == nil {
		return
	}
	if ref, isRef := v.(cos.Ref); isRef {
		at := visit{ref, role}
		if c.seen[at] {
			return
		}
		c.seen[at] = true
	}
	c.tasks = append(c.tasks, task{c.page, func() { run(v) }})
}

// finish visits what waits, until nothing does or no more can be read.
func (c *check) finish() {
	for len(c.tasks) > 0 && c.file.Err() == nil {
		next := c.tasks[len(c.tasks)-1]
		c.tasks = c.tasks[:len(c.tasks)-1]
		c.page = next.page
		next.run()
	}
	c.page = 0
}
