package auth

// What the tests of this package from outside need of its inside.
const (
	ClearSiteData = clearSiteData
	LoginCookie   = loginCookie
	LoginLifetime = loginLifetime
	NextConsent   = nextConsent
	NextProfile   = nextProfile
	NextRole      = nextRole
	NextSettings  = nextSettings
	TitleEngineer = titleEngineer
)

var SNILSDigits = snilsDigits
