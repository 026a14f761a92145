package mail

import (
	"context"
	_ "embed"
	"fmt"
	html "html/template"
	"strings"
	text "text/template"

	"github.com/google/uuid"

	"epkr/db/sqlcgen"
	"epkr/internal/mail"
	"epkr/internal/order"
)

var (
	//go:embed letter.txt
	plainSource string
	//go:embed letter.html
	htmlSource string

	plainLetter = text.Must(text.New("letter.txt").Parse(plainSource))
	htmlLetter  = html.Must(html.New("letter.html").Parse(htmlSource))
)

// content is what a letter says. It has no personal data: an order has its number, and a notification
// its text without the name of whom it is about.
type content struct {
	Subject string
	// Intro stands before the news.
	Intro string
	News  []news
	// Confirm is the address that confirms the reader's address.
	Confirm string
	// Settings and Stop are the addresses at which the reader chooses his letters and ends them.
	Settings, Stop string
}

// news is a notification in a letter.
type news struct {
	// Title is the order, or empty.
	Title, Text, When, Link string
}

// roles are the words for the roles in which a person is told something.
var roles = map[string]string{
	string(order.RoleCustomer): "как заказчику", string(order.RoleEngineer): "как кадастровому инженеру",
	string(order.RoleEmployer): "как работодателю", string(order.RoleModerator): "как модератору",
}

// write returns a letter, or how it ends without being sent.
func (s *Service) write(ctx context.Context, m sqlcgen.ClaimMailRow) (letter mail.Letter, outcome string, err error) {
	if m.Kind == kindConfirmation {
		if m.Version != m.AddressVersion || m.Confirmed {
			return letter, dropped, nil
		}
		return s.compose(m, s.confirmationLetter(m))
	}
	if !m.Confirmed || m.Stopped {
		return letter, dropped, nil
	}
	told, err := s.Store.NotificationsOfMail(ctx, m.ID)
	if err != nil {
		return letter, "", fmt.Errorf("reading the notifications of a letter: %w", err)
	}
	if len(told) == 0 { // their order was a draft, and is deleted
		return letter, dropped, nil
	}
	return s.compose(m, s.newsLetter(m.PersonID, told))
}

func (s *Service) compose(m sqlcgen.ClaimMailRow, c content) (mail.Letter, string, error) {
	var plain, marked strings.Builder
	if err := plainLetter.Execute(&plain, c); err != nil {
		return mail.Letter{}, "", fmt.Errorf("writing a letter: %w", err)
	}
	if err := htmlLetter.Execute(&marked, c); err != nil {
		return mail.Letter{}, "", fmt.Errorf("writing a letter in HTML: %w", err)
	}
	return mail.Letter{
		ID: m.ID.String(), To: m.Address, Subject: c.Subject, Text: plain.String(), HTML: marked.String(), Unsubscribe: c.unsubscribe(), Date: s.Now(),
	}, "", nil
}

// unsubscribe returns the address by which a mail program ends the letters.
func (c content) unsubscribe() string { return strings.Replace(c.Stop, stopPage, unsubscribePath, 1) }

func (s *Service) confirmationLetter(m sqlcgen.ClaimMailRow) content {
	return content{
		Subject: "Подтвердите адрес электронной почты",
		Intro: "Этот адрес указали, чтобы получать уведомления Электронной платформы кадастровых работ. Если это сделали вы, откройте ссылку и нажмите «Подтвердить адрес». " +
			"Если не вы, ничего не делайте: писем больше не будет.",
		Confirm: s.PublicURL + confirmPage + "?token=" + s.links.confirmation(m.PersonID, m.Version),
	}
}

func (s *Service) newsLetter(person uuid.UUID, told []sqlcgen.NotificationsOfMailRow) content {
	c := content{Settings: s.PublicURL + settingsPage, Stop: s.PublicURL + stopPage + "?token=" + s.links.stop(person)}
	for _, n := range told {
		one := news{
			Text: s.Text(n.Kind), Link: s.PublicURL + notificationsPage,
			When: n.CreatedAt.In(order.Moscow).Format("02.01.2006 15:04") + " по московскому времени, вам " + roles[n.Role],
		}
		if n.OrderID != nil {
			one.Link = s.PublicURL + orderPage + n.OrderID.String()
			if n.Number != "" {
				one.Title = "Заказ " + n.Number
			}
		}
		c.News = append(c.News, one)
	}
	if len(c.News) > 1 {
		c.Subject = fmt.Sprintf("События за день: %d", len(c.News))
		c.Intro = "Что произошло на Электронной платформе кадастровых работ."
		return c
	}
	c.Subject = c.News[0].Text
	if c.News[0].Title != "" {
		c.Subject = c.News[0].Title + ": " + c.Subject
	}
	return c
}
