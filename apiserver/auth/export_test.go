package auth

// Internals that the external tests of this package need.
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
