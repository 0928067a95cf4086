export interface Place {
  city: string;
  airport: string;
  country: string;
  currency: string;
  /** What people like there, for hotels and answers. */
  district: string;
}

export const homes: readonly Place[] = [
  { city: "Copenhagen", airport: "CPH", country: "Denmark", currency: "DKK", district: "Vesterbro" },
  { city: "Berlin", airport: "BER", country: "Germany", currency: "EUR", district: "Kreuzberg" },
  { city: "London", airport: "LHR", country: "United Kingdom", currency: "GBP", district: "Shoreditch" },
  { city: "Chicago", airport: "ORD", country: "United States", currency: "USD", district: "River North" },
  { city: "Milan", airport: "MXP", country: "Italy", currency: "EUR", district: "Navigli" },
];

export const destinations: readonly Place[] = [
  { city: "Lisbon", airport: "LIS", country: "Portugal", currency: "EUR", district: "Alfama" },
  { city: "Kyoto", airport: "KIX", country: "Japan", currency: "JPY", district: "Higashiyama" },
  { city: "Marrakesh", airport: "RAK", country: "Morocco", currency: "MAD", district: "the Medina" },
  { city: "Reykjavík", airport: "KEF", country: "Iceland", currency: "ISK", district: "Miðborg" },
  { city: "Mexico City", airport: "MEX", country: "Mexico", currency: "MXN", district: "Roma Norte" },
  { city: "Seoul", airport: "ICN", country: "South Korea", currency: "KRW", district: "Seongsu" },
  { city: "Cape Town", airport: "CPT", country: "South Africa", currency: "ZAR", district: "Gardens" },
  { city: "Athens", airport: "ATH", country: "Greece", currency: "EUR", district: "Koukaki" },
  { city: "Montréal", airport: "YUL", country: "Canada", currency: "CAD", district: "the Plateau" },
  { city: "Istanbul", airport: "IST", country: "Türkiye", currency: "TRY", district: "Karaköy" },
];

export const airlines = ["Nordwind", "Aerolia", "Skyfare", "Pacifica", "Levant Air", "Transcontinental"];
export const hotelNames = [
  "Casa Amarela",
  "The Foundry",
  "Hotel Lumière",
  "Riverside House",
  "Pension Vita",
  "The Glasshouse",
  "Grand Atlas",
  "Ninth Street Inn",
];
export const wishes = [
  "quiet room",
  "close to the old town",
  "with breakfast",
  "with a desk to work at",
  "where children are welcome",
  "near the conference centre",
];
