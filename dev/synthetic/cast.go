package synthetic

import (
	"math/rand/v2"
	"time"

	"epkr/internal/registry"
	"epkr/internal/territory"
)

// castSeed keeps what is drawn for the cast (addresses, passports) the same in every world.
const castSeed = 20260301

// part is one role to be played: who, where, and what distinguishes him.
type part struct {
	role              Role
	login             string
	gender            Gender
	last, first, patr string
	region            string
	what              string
	engineer          *profile // engineers only
	employer          int      // number of the cast's organisation that he works for or heads, from 1; 0 for none
	chief             bool     // heads it
	business          bool     // has an ИП as a customer
	unconfirmed       bool
}

// profile is what distinguishes an engineer of the cast.
type profile struct {
	form       Form
	regions    []string
	status     registry.Status
	off        bool
	incomplete bool
	blocked    bool
}

// Organisations of the cast, in the order of castFirms.
const (
	firmOfTwo    = 1 // employer with two active engineers
	firmOfOne    = 2 // employer with one active engineer and one who is suspended
	firmCustomer = 3 // a customer
)

var castFirms = []struct {
	name, region string
	employer     bool
}{
	{"Гео-Кадастр", "77", true},
	{"Межевой план", "63", true},
	{"Застройщик Плюс", "50", false},
}

var parts = []part{
	{
		role: RoleCustomer, login: LoginCustomer, gender: Female, last: "Иванова", first: "Мария", patr: "Петровна", region: "50",
		what: "Заказчик, физическое лицо: владеет участком в Московской области.",
	},
	{
		role: RoleCustomer, login: LoginSecondCustomer, gender: Male, last: "Соколов", first: "Дмитрий", patr: "Андреевич", region: "16",
		what: "Второй заказчик, физическое лицо: видит только свои заказы.",
	},
	{
		role: RoleCustomer, login: LoginCustomerEntrepreneur, gender: Male, last: "Кузнецов", first: "Олег", patr: "Викторович", region: "77", business: true,
		what: "Заказчик, индивидуальный предприниматель.",
	},
	{
		role: RoleCustomer, login: LoginCustomerHead, gender: Female, last: "Лебедева", first: "Ольга", patr: "Сергеевна", region: "50", employer: firmCustomer, chief: true,
		what: "Руководитель организации-заказчика; может войти и как физическое лицо.",
	},
	{
		role: RoleEngineer, login: LoginEngineerMoscow, gender: Male, last: "Орлов", first: "Алексей", patr: "Николаевич", region: "77",
		what:     "Кадастровый инженер, ИП: работает в Москве и Московской области.",
		engineer: &profile{form: Entrepreneur, regions: []string{"77", "50"}},
	},
	{
		role: RoleEngineer, login: LoginEngineerTatarstan, gender: Female, last: "Каримова", first: "Гульнара", patr: "Маратовна", region: "16",
		what:     "Кадастровый инженер, ИП: работает в Татарстане.",
		engineer: &profile{form: Entrepreneur, regions: []string{"16"}},
	},
	{
		role: RoleEngineer, login: LoginEmployeeFirst, gender: Male, last: "Никитин", first: "Павел", patr: "Игоревич", region: "77", employer: firmOfTwo,
		what:     "Кадастровый инженер, работник организации с двумя действующими инженерами.",
		engineer: &profile{form: Employee, regions: []string{"77", "50"}},
	},
	{
		role: RoleEngineer, login: LoginEmployeeSecond, gender: Female, last: "Волошина", first: "Елена", patr: "Юрьевна", region: "77", employer: firmOfTwo,
		what:     "Кадастровый инженер, второй работник той же организации.",
		engineer: &profile{form: Employee, regions: []string{"77", "50"}},
	},
	{
		role: RoleEngineer, login: LoginEmployeeOnly, gender: Male, last: "Фролов", first: "Сергей", patr: "Павлович", region: "63", employer: firmOfOne,
		what:     "Кадастровый инженер, единственный действующий у своего работодателя: заказы принимать не может.",
		engineer: &profile{form: Employee, regions: []string{"63", "77"}},
	},
	{
		role: RoleEngineer, login: LoginEngineerOff, gender: Female, last: "Морозова", first: "Татьяна", patr: "Львовна", region: "77",
		what:     "Кадастровый инженер, ИП: отключил приём заказов.",
		engineer: &profile{form: Entrepreneur, regions: []string{"77"}, off: true},
	},
	{
		role: RoleEngineer, login: LoginEngineerIncomplete, gender: Male, last: "Белов", first: "Илья", patr: "Романович", region: "77",
		what:     "Кадастровый инженер, ИП: не заполнил обязательные поля профиля.",
		engineer: &profile{form: Entrepreneur, regions: []string{"77"}, incomplete: true},
	},
	{
		role: RoleEngineer, login: LoginEngineerBlocked, gender: Male, last: "Громов", first: "Виктор", patr: "Степанович", region: "77",
		what:     "Кадастровый инженер, ИП: заблокирован модератором.",
		engineer: &profile{form: Entrepreneur, regions: []string{"77"}, blocked: true},
	},
	{
		role: RoleEngineer, login: LoginEngineerExcluded, gender: Female, last: "Зимина", first: "Вера", patr: "Олеговна", region: "77",
		what:     "Кадастровый инженер, ИП: исключён из СРО по данным реестра.",
		engineer: &profile{form: Entrepreneur, regions: []string{"77"}, status: registry.StatusExcluded},
	},
	{
		role: RoleEmployer, login: LoginEmployerHead, gender: Male, last: "Гончаренко", first: "Андрей", patr: "Борисович", region: "77", employer: firmOfTwo, chief: true,
		what: "Руководитель организации, в которой работают два кадастровых инженера.",
	},
	{
		role: RoleModerator, login: LoginModerator, gender: Female, last: "Панова", first: "Ирина", patr: "Фёдоровна", region: "77",
		what: "Модератор системы.",
	},
	{
		role: RoleCustomer, login: LoginUnconfirmed, gender: Male, last: "Шубин", first: "Глеб", patr: "Максимович", region: "77", unconfirmed: true,
		what: "Учётная запись ЕСИА не подтверждена: войти на платформу нельзя.",
	},
}

// colleague is the suspended engineer who makes LoginEmployeeOnly the only active one. He is no member of the cast: nobody signs in as him.
var colleague = part{
	gender: Male, last: "Долгих", first: "Роман", patr: "Ильич", region: "63", employer: firmOfOne,
	engineer: &profile{form: Employee, regions: []string{"63"}, status: registry.StatusSuspended},
}

// latecomers joined the cast when the numbers of all others were drawn: they come last, so that nobody's change.
var latecomers = []part{
	{
		role: RoleCustomer, login: LoginCustomerEmployee, gender: Male, last: "Комаров", first: "Денис", patr: "Валерьевич", region: "50", employer: firmCustomer,
		what: "Сотрудник организации-заказчика, не руководитель: действует от её имени, если руководитель его допустит.",
	},
}

// addCast puts the cast and its organisations into an empty world, its engineers first.
func (w *World) addCast() {
	rnd := rand.New(rand.NewPCG(castSeed, castSeed))
	for i, f := range castFirms {
		firm := drawOrganisation(rnd, castFirmSerial+i, regionOf(f.region), f.name)
		firm.IsEmployer = f.employer
		w.organisations = append(w.organisations, firm)
	}
	for i, p := range parts {
		w.cast = append(w.cast, w.addMember(rnd, castSerial+i, p))
	}
	w.play(rnd, castSerial+len(parts), colleague)
	for i, p := range latecomers {
		w.cast = append(w.cast, w.addMember(rnd, castSerial+len(parts)+1+i, p))
	}
}

func (w *World) addMember(rnd *rand.Rand, serial int, p part) CastMember {
	person := w.play(rnd, serial, p)
	w.people = append(w.people, person)
	return CastMember{Role: p.role, Name: person.FullName(), SNILS: person.SNILS, Login: p.login, What: p.what}
}

// play makes the person of a part and, for an engineer, his entry in the world.
func (w *World) play(rnd *rand.Rand, serial int, p part) Person {
	region := regionOf(p.region)
	person := drawPerson(rnd, serial, region)
	person.LastName, person.FirstName, person.MiddleName, person.Gender = p.last, p.first, p.patr, p.gender
	person.BirthDate = time.Date(1980, 3, 1+serial%20, 0, 0, 0, 0, time.UTC)
	person.Passport = drawPassport(rnd, person.BirthDate, region)
	person.Trusted = !p.unconfirmed
	if p.login != "" {
		person.Email = p.login + "@example.com"
	}
	if p.business {
		firm := business(castFirmSerial+len(castFirms), region, person)
		w.organisations = append(w.organisations, firm)
		person.Organisations = []Membership{{OrganisationOID: firm.OID, Chief: true, Position: "Индивидуальный предприниматель"}}
	}
	if p.employer != 0 {
		position := "Кадастровый инженер"
		switch {
		case p.chief:
			position = "Генеральный директор"
		case p.engineer == nil:
			position = "Специалист"
		}
		person.Organisations = []Membership{{OrganisationOID: w.organisations[p.employer-1].OID, Chief: p.chief, Position: position}}
	}
	if p.engineer != nil {
		w.engineers = append(w.engineers, w.castEngineer(rnd, serial, p, person))
	}
	return person
}

func (w *World) castEngineer(rnd *rand.Rand, serial int, p part, person Person) Engineer {
	e := Engineer{
		Person:          person,
		Row:             drawRow(rnd, serial, person, p.region),
		Regions:         p.engineer.regions,
		ReceivesOrders:  !p.engineer.off,
		ProfileComplete: !p.engineer.incomplete,
		Blocked:         p.engineer.blocked,
		Form:            p.engineer.form,
	}
	if p.engineer.status != "" {
		loseStatus(&e.Row, p.engineer.status)
	}
	if e.Form == Employee {
		e.EmployerOGRN = w.organisations[p.employer-1].OGRN
	} else {
		e.OGRNIP = ogrnip(18, p.region, serial)
	}
	return e
}

// regionOf panics on an unknown code: codes here are constants of the program.
func regionOf(code string) territory.Region {
	r, ok := territory.RegionByCode(code)
	if !ok {
		panic("synthetic: no region " + code)
	}
	return r
}
