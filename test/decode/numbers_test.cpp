#include "support/catch.hpp"

#include "support.hpp"

using kaudit::decode::answer;
using kaudit::decode::read;
using kaudit::decode::Value;

TEST_CASE("integers stay exact up to uint64, and floats are what encoding/json writes of them") {
  CHECK(answer("[9223372036854775807, -9223372036854775808, 9223372036854775808, 18446744073709551615]") ==
        "[9223372036854775807,-9223372036854775808,9223372036854775808,18446744073709551615]");
  CHECK(answer("[0.1, 1e-6, 1e-7, 1e20, 1e21, 1.5e300, 5e-324, 1e-400, 123456789.125]") ==
        "[0.1,0.000001,1e-7,100000000000000000000,1e+21,1.5e+300,5e-324,0,123456789.125]");
}

TEST_CASE("a float without fraction becomes an integer on the way through JSON") {
  const auto value = read("[1.0, 1e3, -0.0, 1234567890123456789.0, 1e19, 1e20]");
  REQUIRE(value);
  const Value::Array& items = *value->array();
  CHECK(std::get<std::int64_t>(items[0].data()) == 1);
  CHECK(std::get<std::int64_t>(items[1].data()) == 1000);
  CHECK(std::get<std::int64_t>(items[2].data()) == 0);
  // The shortest digits that read back as the float64, then zeros: not the float's exact value.
  CHECK(std::get<std::int64_t>(items[3].data()) == 1234567890123456800);
  CHECK(std::get<std::uint64_t>(items[4].data()) == 10000000000000000000U);
  CHECK(std::get<double>(items[5].data()) == 1e20);
}

TEST_CASE("JSON numbers keep what they are written as: 1.0 is a float, 1 an integer") {
  const auto value = read(R"({"a": [1, 1.0, 1e0, -0]})");
  REQUIRE(value);
  const Value::Array& items = *value->find("a")->array();
  CHECK(std::holds_alternative<std::int64_t>(items[0].data()));
  CHECK(std::holds_alternative<double>(items[1].data()));
  CHECK(std::holds_alternative<double>(items[2].data()));
  CHECK(std::get<std::int64_t>(items[3].data()) == 0);
}

TEST_CASE("a float of JSON that has no exact shortest digits keeps its exponent, so that it reads back equal") {
  CHECK(answer(R"({"a": 1844674407370955.1e3})") == R"({"a":1.844674407370955e+18})");
  CHECK(answer(R"({"a": -9007199254740992.0})") == R"({"a":-9.007199254740992e+15})");
}

TEST_CASE("a float key has the text of a float32") {
  CHECK(answer("--- {1.1: a, 16777217.5: b, 1e-5: c, 0.0001: d, 999999.5: e, 1e39: f}") ==
        R"({".inf":"f","0.0001":"d","1.1":"a","1.6777218e+07":"b","1e-05":"c","999999.5":"e"})");
}
