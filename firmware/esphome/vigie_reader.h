// What a Vigie reader says and heeds, for ESPHome and for anything else that compiles C++17. No library is needed.
// Shapes and rules are those of docs/asyncapi.yaml: every message has a number of its own that rises by one; an order is carried
// out at most once, and not after it has expired; without a clock nothing is opened.
#pragma once
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <deque>
#include <string>

namespace vigie {

// Before this the clock has not been set: 2026-01-01.
constexpr std::time_t CLOCK_IS_SET = 1767225600;
constexpr std::size_t ORDERS_REMEMBERED = 64;

// Days since 1970 of a day of the Gregorian calendar.
inline long days_from(int year, int month, int day) {
  year -= month <= 2;
  const long era = (year >= 0 ? year : year - 399) / 400;
  const long of_era = year - era * 400;
  const long of_year = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097L + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468L;
}

// RFC 3339, UTC.
inline std::string utc(std::time_t at) {
  std::tm t{};
  gmtime_r(&at, &t);
  char text[24];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &t);
  return text;
}

// Seconds since 1970, or 0 for what is no such time. Fractions of a second are dropped.
inline std::time_t from_utc(const std::string &text) {
  int y, mo, d, h, mi, s;
  if (text.empty() || text.back() != 'Z') return 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d", &y, &mo, &d, &h, &mi, &s) != 6) return 0;
  return static_cast<std::time_t>(days_from(y, mo, d)) * 86400 + h * 3600L + mi * 60L + s;
}

// "74-10-37-94" as the reader's driver writes it, to hexadecimal without anything in between.
inline std::string uid_of(const std::string &tag) {
  std::string uid;
  for (const char c : tag) {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F')) uid += c;
    if (c >= 'a' && c <= 'f') uid += static_cast<char>(c - 'a' + 'A');
  }
  return uid;
}

// The beginning of every message, with its number.
inline std::string envelope(std::uint64_t seq, std::time_t at) {
  const std::string number = std::to_string(seq);
  return "{\"id\":\"m-" + number + "\",\"at\":\"" + utc(at) + "\",\"seq\":" + number;
}

inline std::string badge(std::uint64_t seq, std::time_t at, const std::string &point, const std::string &tag) {
  return envelope(seq, at) + ",\"point\":\"" + point + "\",\"credential\":{\"kind\":\"uid\",\"uid\":\"" + uid_of(tag) + "\"}}";
}

// How the lock stands and whether it is open; `tamper` is left out where there is no such switch.
inline std::string state(std::uint64_t seq, std::time_t at, const std::string &point, bool locked, bool open,
                         const bool *tamper = nullptr) {
  return envelope(seq, at) + ",\"point\":\"" + point + "\",\"lock\":\"" + (locked ? "locked" : "unlocked") +
         "\",\"contact\":\"" + (open ? "open" : "closed") + "\"" +
         (tamper ? std::string(",\"tamper\":") + (*tamper ? "true" : "false") : std::string()) + "}";
}

// `outcome`: done, refused or failed.
inline std::string ack(std::uint64_t seq, std::time_t at, const std::string &order, const char *outcome) {
  return envelope(seq, at) + ",\"command\":\"" + order + "\",\"outcome\":\"" + outcome + "\"}";
}

// Which orders were carried out. One that comes twice, late, or while the clock is not set moves nothing.
class Orders {
 public:
  bool take(const std::string &id, const std::string &expires_at, std::time_t now) {
    const std::time_t until = from_utc(expires_at);
    if (id.empty() || until == 0 || now < CLOCK_IS_SET || now > until) return false;
    for (const std::string &known : done_)
      if (known == id) return false;
    done_.push_back(id);
    if (done_.size() > ORDERS_REMEMBERED) done_.pop_front();
    return true;
  }

 private:
  std::deque<std::string> done_;
};

}  // namespace vigie
