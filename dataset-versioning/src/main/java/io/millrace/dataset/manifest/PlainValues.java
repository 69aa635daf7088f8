package io.millrace.dataset.manifest;

import io.millrace.dataset.Hardness;
import io.millrace.dataset.Properties;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The values that plain lines hold on the sample and on annotations alike. */
final class PlainValues {
  private static final Hardness HARD = new Hardness(true, OptionalDouble.empty());

  /** Texts that occur again and again. */
  final TextCache<String> texts = new TextCache<>(text -> text);

  private final TextCache<Optional<Boolean>> truths = new TextCache<>(PlainValues::truthOf);

  /** Objects that occur again and again. */
  private final TextCache<Properties> objects = new TextCache<>();

  private static Optional<Boolean> truthOf(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  boolean truth(PlainText text) throws NotPlainException {
    return text.next() == '"' ? NotPlainException.require(text.text(truths)) : text.truth();
  }

  static Hardness hardness(boolean hard, OptionalDouble coefficient) {
    if (coefficient.isPresent()) {
      return new Hardness(hard, coefficient);
    }
    return hard ? HARD : Hardness.NONE;
  }

  /** A time as ModelArts writes it, such as {@code 2019-01-23 11:30:30}. */
  static LocalDateTime time(PlainText text) throws NotPlainException {
    int at = text.textOf("yyyy-MM-dd HH:mm:ss".length());
    text.check(at + 4, '-');
    text.check(at + 7, '-');
    text.check(at + 10, ' ');
    text.check(at + 13, ':');
    text.check(at + 16, ':');
    try {
      return LocalDateTime.of(
          text.digits(at, 4),
          text.digits(at + 5, 2),
          text.digits(at + 8, 2),
          text.digits(at + 11, 2),
          text.digits(at + 14, 2),
          text.digits(at + 17, 2));
    } catch (DateTimeException e) {
      // Such as February 30th: no time, and the careful path keeps it as foreign.
      throw new NotPlainException();
    }
  }

  /** An object of texts, numbers and booleans. */
  Properties properties(PlainText text) throws NotPlainException {
    return text.object(objects, this::readProperties);
  }

  private Properties readProperties(PlainText text) throws NotPlainException {
    text.expect('{');
    if (text.accept('}')) {
      return Properties.EMPTY;
    }
    Map<String, Object> properties = new LinkedHashMap<>();
    do {
      String name = text.anyText(texts);
      text.expect(':');
      if (properties.put(name, value(text)) != null) {
        throw new NotPlainException();
      }
    } while (text.hasMore('}'));
    return new Properties(properties);
  }

  private Object value(PlainText text) throws NotPlainException {
    byte first = text.next();
    if (first == '"') {
      return text.anyText(texts);
    }
    return first == 't' || first == 'f' ? (Object) text.truth() : text.number();
  }
}
