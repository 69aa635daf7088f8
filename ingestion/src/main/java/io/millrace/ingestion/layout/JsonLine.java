package io.millrace.ingestion.layout;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingestion.RejectReason;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A line of JSON that holds one object: strict, bounded in depth, each key once in an object. Its
 * faults name the column.
 */
final class JsonLine {
  private static final int MOST_LEVELS = 64;
  private static final int MOST_DIGITS = 400;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MOST_LEVELS)
                  .maxNumberLength(MOST_DIGITS)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();
  private static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES) // 0.10 stays as it is written
          .build();

  /** What the parser adds of its own source and settings. */
  private static final Pattern PARSER_DETAILS =
      Pattern.compile("(?s)\\s*\\(start marker at.*|: enable `.*|, from `[^`]*`");

  private final String text;
  private final ObjectNode object;

  private JsonLine(String text, ObjectNode object) {
    this.text = text;
    this.object = object;
  }

  static JsonLine parse(String text) throws JsonFaultException {
    try {
      JsonNode node = MAPPER.readTree(text);
      if (node instanceof ObjectNode object) {
        return new JsonLine(text, object);
      }
      throw new JsonFaultException(RejectReason.BROKEN_LINE, 1, "the line is no JSON object");
    } catch (JsonProcessingException e) {
      int column = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getColumnNr());
      throw new JsonFaultException(
          RejectReason.BROKEN_LINE,
          column,
          PARSER_DETAILS.matcher(e.getOriginalMessage()).replaceAll(""));
    } catch (NumberFormatException e) {
      // The parser lets this one out for an exponent that no number has.
      throw new JsonFaultException(RejectReason.BROKEN_LINE, 1, "a number is out of range");
    }
  }

  /** An object to put fields of others in. */
  static ObjectNode newObject() {
    return MAPPER.createObjectNode();
  }

  ObjectNode object() {
    return object;
  }

  /** A fault of the value at a place; of one that is not there, of the nearest around it. */
  JsonFaultException fault(JsonPointer place, String template, Object... arguments) {
    return fault(RejectReason.BROKEN_LINE, place, template, arguments);
  }

  JsonFaultException fault(
      RejectReason reason, JsonPointer place, String template, Object... arguments) {
    return new JsonFaultException(
        reason, columnOf(place), String.format(Locale.ROOT, template, arguments));
  }

  private int columnOf(JsonPointer place) {
    for (JsonPointer wanted = place; wanted != null; wanted = wanted.head()) {
      int column = exactColumnOf(wanted);
      if (column > 0) {
        return column;
      }
    }
    return 1;
  }

  private int exactColumnOf(JsonPointer wanted) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        boolean begins = token.isScalarValue() || token.isStructStart();
        // At the start of a structure the context is already the inner one.
        if (begins
            && (token.isStructStart()
                    ? parser.getParsingContext().getParent()
                    : parser.getParsingContext())
                .pathAsPointer()
                .equals(wanted)) {
          return Math.toIntExact(parser.currentTokenLocation().getCharOffset()) + 1;
        }
      }
      return 0;
    } catch (IOException e) {
      throw new IllegalStateException("A text that was parsed before can be parsed again", e);
    }
  }
}
