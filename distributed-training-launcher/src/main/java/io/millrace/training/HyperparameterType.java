package io.millrace.training;

import java.math.BigDecimal;
import java.math.BigInteger;

/** The type of a hyperparameter's value. */
public enum HyperparameterType {
  STRING("a text") {
    @Override
    boolean accepts(String value) {
      return value.indexOf('\0') < 0;
    }
  },
  INTEGER("a whole number") {
    @Override
    boolean accepts(String value) {
      return parses(value, BigInteger::new);
    }
  },
  FLOAT("a number") {
    @Override
    boolean accepts(String value) {
      return parses(value, BigDecimal::new);
    }
  },
  BOOLEAN("true or false") {
    @Override
    boolean accepts(String value) {
      return value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
    }
  };

  private final String words;

  HyperparameterType(String words) {
    this.words = words;
  }

  abstract boolean accepts(String value);

  /** For messages. */
  String words() {
    return words;
  }

  private interface Parser {
    Object parse(String text);
  }

  private static boolean parses(String value, Parser parser) {
    try {
      parser.parse(value);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
