// Goes through the grant of each task with golang.org/x/oauth2; see ../../words.ts for what comes in and goes out.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"clients/lines"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

type task struct {
	ID, Grant, ClientID, ClientSecret, RedirectURI string
	Endpoints                                      struct {
		Authorization, Token string
		Device               string `json:"device_authorization"`
	}
	Request map[string]string
}

func main() {
	lines.Answer("golang.org/x/oauth2", func(line []byte) lines.Seen {
		var asked task
		if err := json.Unmarshal(line, &asked); err != nil {
			panic(err)
		}
		token, err := granted(asked)
		return lines.Seen{ID: asked.ID, Seen: seen(token, err), Said: lines.Text(err)}
	})
}

func granted(asked task) (*oauth2.Token, error) {
	ctx := context.Background()
	config := oauth2.Config{
		ClientID:     asked.ClientID,
		ClientSecret: asked.ClientSecret,
		RedirectURL:  asked.RedirectURI,
		Endpoint: oauth2.Endpoint{
			AuthURL:       asked.Endpoints.Authorization,
			TokenURL:      asked.Endpoints.Token,
			DeviceAuthURL: asked.Endpoints.Device,
			AuthStyle:     oauth2.AuthStyleInHeader,
		},
	}
	switch asked.Grant {
	case "authorization_code":
		verifier := oauth2.GenerateVerifier()
		code, err := browse(config.AuthCodeURL("state", oauth2.S256ChallengeOption(verifier)))
		if err != nil {
			return nil, err
		}
		return config.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	case "refresh_token":
		return config.TokenSource(ctx, &oauth2.Token{RefreshToken: asked.Request["refresh_token"]}).Token()
	case "client_credentials":
		own := clientcredentials.Config{
			ClientID:     asked.ClientID,
			ClientSecret: asked.ClientSecret,
			TokenURL:     asked.Endpoints.Token,
			AuthStyle:    oauth2.AuthStyleInHeader,
		}
		return own.Token(ctx)
	case "password":
		return config.PasswordCredentialsToken(ctx, asked.Request["username"], asked.Request["password"])
	case "urn:ietf:params:oauth:grant-type:device_code":
		config.Endpoint.AuthStyle = oauth2.AuthStyleInParams
		device, err := config.DeviceAuth(ctx)
		if err != nil {
			return nil, err
		}
		if _, err := http.Get(device.VerificationURIComplete); err != nil {
			return nil, err
		}
		return config.DeviceAccessToken(ctx, device)
	}
	return nil, errors.New("unknown grant " + asked.Grant)
}

// As a browser goes: to the authorization endpoint and back.
func browse(url string) (code string, err error) {
	back, err := http.DefaultTransport.RoundTrip(must(http.NewRequest(http.MethodGet, url, nil)))
	if err != nil {
		return "", err
	}
	defer back.Body.Close()
	location, err := back.Location()
	if err != nil {
		return "", err
	}
	return location.Query().Get("code"), nil
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func seen(token *oauth2.Token, err error) string {
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused):
		return refused.ErrorCode
	case err != nil:
		return fmt.Sprintf("%T", err)
	case !token.Valid():
		return "nothing"
	}
	return "granted"
}
