package io.millrace.dataset.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.JsonpCharacterEscapes;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetException;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * JSON as manifests hold it: strict, exact in numbers, bounded in depth, each key once in an
 * object.
 */
final class ManifestJson {
  /** Deeper than any manifest of the field, and far from the end of a thread's stack. */
  static final int MAX_DEPTH = 64;

  /** Digits of one number; longer ones cost time squared and mean nothing. */
  static final int MAX_NUMBER_LENGTH = 400;

  private static final JsonFactory FACTORY =
      factory(
          StreamReadConstraints.builder()
              .maxNestingDepth(MAX_DEPTH)
              .maxNumberLength(MAX_NUMBER_LENGTH)
              .build());
  private static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();
  private static final ObjectReader READER = MAPPER.readerFor(JsonNode.class);
  private static final ObjectReader READER_OF_WRITTEN =
      READER.with(
          factory(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build()));

  // U+2028 and U+2029 end a line for some readers of "lines".
  private static final ObjectWriter WRITER = MAPPER.writer(JsonpCharacterEscapes.instance());

  private static final Pattern PARSER_DETAILS =
      Pattern.compile("(?s)\\s*\\(start marker at.*|: enable `.*|, from `[^`]*`");

  private ManifestJson() {}

  private static JsonFactory factory(StreamReadConstraints constraints) {
    return JsonFactory.builder()
        .streamReadConstraints(constraints)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .build();
  }

  static JsonNode read(String text) throws JsonProcessingException {
    return read(READER, text);
  }

  /** Reads what {@link #write} wrote: numbers, texts and names of any length. */
  static JsonNode readWritten(String text) throws JsonProcessingException {
    return read(READER_OF_WRITTEN, text);
  }

  private static JsonNode read(ObjectReader reader, String text) throws JsonProcessingException {
    try {
      return reader.readTree(text);
    } catch (NumberFormatException e) {
      // The parser lets this one out for an exponent that no number has.
      throw new JsonParseException((JsonParser) null, "a number is out of range", (Throwable) e);
    }
  }

  /** The parser's complaint without its own settings and the place, which is told elsewhere. */
  static String explain(JsonProcessingException e) {
    return PARSER_DETAILS.matcher(e.getOriginalMessage()).replaceAll("");
  }

  static ObjectNode newObject() {
    return MAPPER.createObjectNode();
  }

  static String write(JsonNode node) {
    try {
      return WRITER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A JSON tree can always be written", e);
    }
  }

  /** The fields kept for writing back; none for empty text. */
  static ObjectNode readForeign(String foreignFields) {
    if (foreignFields.isEmpty()) {
      return newObject();
    }
    try {
      if (read(foreignFields) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new DatasetException(
          "Invalid foreign fields: " + explain(e) + " (expected a JSON object)", e);
    }
    throw new DatasetException("Invalid foreign fields: expected a JSON object");
  }

  /**
   * Where in the text a value begins, counted from 1; a value that is not in the text itself counts
   * as the nearest one around it.
   */
  static int columnOf(String text, JsonPointer place) {
    for (JsonPointer wanted = place; wanted != null; wanted = wanted.head()) {
      int column = exactColumnOf(text, wanted);
      if (column > 0) {
        return column;
      }
    }
    return 1;
  }

  private static int exactColumnOf(String text, JsonPointer wanted) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        boolean begins = token.isScalarValue() || token.isStructStart();
        if (begins && pointerOf(parser, token).equals(wanted)) {
          return Math.toIntExact(parser.currentTokenLocation().getCharOffset()) + 1;
        }
      }
      return 0;
    } catch (IOException e) {
      throw new IllegalStateException("A text that was parsed before can be parsed again", e);
    }
  }

  private static JsonPointer pointerOf(JsonParser parser, JsonToken token) {
    // At the start of a structure the context is already the inner one.
    return token.isStructStart()
        ? parser.getParsingContext().getParent().pathAsPointer()
        : parser.getParsingContext().pathAsPointer();
  }

  /** Index of the first half of a surrogate pair that stands alone; -1 if there is none. */
  static int loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean isPair =
            Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!isPair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  /** Whether any key or text in the tree holds half of a surrogate pair. */
  static boolean holdsLoneSurrogate(JsonNode node) {
    if (node.isTextual()) {
      return loneSurrogate(node.textValue()) >= 0;
    }
    for (var field : node.properties()) {
      if (loneSurrogate(field.getKey()) >= 0 || holdsLoneSurrogate(field.getValue())) {
        return true;
      }
    }
    if (node.isArray()) {
      for (JsonNode element : node) {
        if (holdsLoneSurrogate(element)) {
          return true;
        }
      }
    }
    return false;
  }
}
