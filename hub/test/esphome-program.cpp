// A reader without hardware, for the test: what it is told on a line of standard input, what it says on one of standard output.
#include <iostream>
#include <sstream>
#include "../../firmware/esphome/vigie_reader.h"

int main() {
  std::uint64_t seq = 0;
  vigie::Orders orders;
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string what, point, tag;
    std::time_t now = 0;
    words >> what >> now;
    if (what == "badge") {
      words >> point >> tag;
      std::cout << vigie::badge(++seq, now, point, tag) << std::endl;
    } else if (what == "state") {
      bool locked, open, tamper;
      words >> point >> locked >> open >> tamper;
      std::cout << vigie::state(++seq, now, point, locked, open, &tamper) << std::endl;
    } else if (what == "order") {
      std::string id, until;
      words >> id >> until;
      std::cout << vigie::ack(++seq, now, id, orders.take(id, until, now) ? "done" : "refused") << std::endl;
    } else if (what == "time") {
      words >> tag;
      std::cout << vigie::from_utc(tag) << " " << vigie::utc(now) << std::endl;
    }
  }
}
