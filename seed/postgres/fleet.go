package postgres

import (
	"math/rand/v2"

	"github.com/occbench/occbench/internal/client"
)

// fleetSize bounds the customers made for one call: a board looks alive with a
// few dozen of them, and every one costs two calls.
const fleetSize = 24

var owners = []string{
	"Ada Brandt", "Bruno Costa", "Chidi Eze", "Dana Fischer", "Elif Demir", "Farid Haddad", "Greta Holm", "Hugo Ibarra",
	"Ines Jovanovic", "Jonas Keller", "Kaya Lund", "Liam Murphy", "Mina Nakamura", "Noor Okafor", "Olga Petrova", "Pavel Quist",
}

var models = []car{
	{make: "Toyota", model: "Corolla"}, {make: "Volkswagen", model: "Golf"}, {make: "Ford", model: "Transit"},
	{make: "Volvo", model: "V60"},
	{make: "Renault", model: "Clio"}, {make: "Honda", model: "Civic"}, {make: "Skoda", model: "Octavia"}, {make: "Fiat", model: "Ducato"},
}

// car is a vehicle as the shop describes it.
type car struct {
	make, model string
	year        int
}

// work is a service of the shop.
type work struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	Cents   int    `json:"base_price_cents"`
	Minutes int    `json:"est_minutes"`
}

// works are the services the appointments ask for. Their codes are ours, so that they
// are neither confused with the shop's own nor made twice.
var works = []work{
	{Code: "OCCBENCH-OIL", Name: "Oil change (occbench)", Cents: 4900, Minutes: 30},
	{Code: "OCCBENCH-BRAKES", Name: "Brake check (occbench)", Cents: 2900, Minutes: 20},
	{Code: "OCCBENCH-TYRES", Name: "Tyre change (occbench)", Cents: 3900, Minutes: 30},
}

// makeOwnerName returns the name of customer i. It carries the tag as a word, which
// is how Clean tells a customer of ours from a namesake.
func makeOwnerName(i int, tag string) string {
	return owners[i%len(owners)] + " " + client.TagWord(tag)
}

// newCar returns the car of customer i.
func newCar(i int) car {
	c := models[i%len(models)]
	c.year = 2008 + i%17
	return c
}

// vinStart begins the identification number of every vehicle of ours.
const vinStart = "0CB"

// drawVIN draws a vehicle identification number: 17 characters, none of them I, O or Q. It is
// drawn anew for every attempt, because a vehicle whose answer was lost may exist and the number
// is unique in the shop.
func drawVIN(r *rand.Rand) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
	vin := []byte(vinStart)
	for len(vin) < 17 {
		vin = append(vin, alphabet[r.IntN(len(alphabet))])
	}
	return string(vin)
}
