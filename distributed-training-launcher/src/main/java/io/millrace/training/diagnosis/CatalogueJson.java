package io.millrace.training.diagnosis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.dataset.DatasetException;
import io.millrace.training.diagnosis.KnownError.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/**
 * Catalogues as JSON, a list of entries: {@code {"id", "title", "kind": "cause" | "unspecific" |
 * "consequence" | "remark", "patterns": [...], "exit-codes": [...], "cause", "advice", "source",
 * "sample": [...]}}. Only {@code patterns} or {@code exit-codes}, and {@code sample}, may be left
 * out; an unknown field is refused, since it is most likely misspelt.
 */
final class CatalogueJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> FIELDS =
      Set.of(
          "id", "title", "kind", "patterns", "exit-codes", "cause", "advice", "source", "sample");

  private CatalogueJson() {}

  /**
   * Reads a catalogue.
   *
   * @throws DatasetException naming the entry and the field
   */
  static List<KnownError> read(String text) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new DatasetException(
          "Cannot read the catalogue: it is no JSON: %s.".formatted(e.getOriginalMessage()), e);
    }
    if (!root.isArray()) {
      throw new DatasetException("Cannot read the catalogue: it is no JSON list of entries.");
    }
    List<KnownError> errors = new ArrayList<>();
    for (int i = 0; i < root.size(); i++) {
      errors.add(new EntryReader(i, root.get(i)).read());
    }
    return errors;
  }

  /** One entry. */
  private static final class EntryReader {
    private final JsonNode node;
    private final String name;

    EntryReader(int place, JsonNode node) {
      this.node = node;
      String id = node.path("id").asText();
      this.name = id.isEmpty() ? "entry " + place : "entry '" + id + "'";
    }

    KnownError read() {
      if (!node.isObject()) {
        throw new DatasetException(
            "Cannot read the catalogue: %s is no JSON object.".formatted(name));
      }
      for (Iterator<String> fields = node.fieldNames(); fields.hasNext(); ) {
        String field = fields.next();
        if (!FIELDS.contains(field)) {
          throw wrong(field, "it is unknown (expected one of %s)".formatted(sorted()));
        }
      }
      try {
        return new KnownError(
            text("id"),
            text("title"),
            kind(),
            patterns(),
            exitCodes(),
            text("cause"),
            text("advice"),
            text("source"),
            texts("sample"));
      } catch (NotAnEntry e) {
        throw e;
      } catch (DatasetException e) {
        throw new NotAnEntry("Cannot read the catalogue: %s: %s.".formatted(name, e.getMessage()));
      }
    }

    private String text(String field) {
      JsonNode value = node.get(field);
      if (value == null || value.isNull()) {
        throw wrong(field, "it is missing");
      }
      return text(field, value);
    }

    private String text(String field, JsonNode value) {
      if (!value.isTextual() || value.asText().isBlank()) {
        throw wrong(field, "it is no text");
      }
      return value.asText();
    }

    private Kind kind() {
      String text = text("kind");
      for (Kind kind : Kind.values()) {
        if (kind.name().toLowerCase(Locale.ROOT).equals(text)) {
          return kind;
        }
      }
      throw wrong(
          "kind", "it is '%s' (expected cause, unspecific, consequence or remark)".formatted(text));
    }

    private List<LinePattern> patterns() {
      List<String> texts = texts("patterns");
      List<LinePattern> patterns = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        try {
          patterns.add(LinePattern.of(texts.get(i)));
        } catch (PatternSyntaxException e) {
          throw wrong(
              "patterns[%d]".formatted(i),
              "'%s' is no regular expression: %s".formatted(texts.get(i), e.getDescription()));
        }
        if (patterns.get(i).isIn("")) {
          throw wrong(
              "patterns[%d]".formatted(i), "'%s' matches every line".formatted(texts.get(i)));
        }
      }
      return patterns;
    }

    private Set<Integer> exitCodes() {
      Set<Integer> codes = new LinkedHashSet<>();
      JsonNode list = list("exit-codes");
      for (int i = 0; i < list.size(); i++) {
        if (!list.get(i).isInt()) {
          throw wrong("exit-codes[%d]".formatted(i), "it is no whole number");
        }
        codes.add(list.get(i).intValue());
      }
      return codes;
    }

    private List<String> texts(String field) {
      List<String> texts = new ArrayList<>();
      JsonNode list = list(field);
      for (int i = 0; i < list.size(); i++) {
        texts.add(text("%s[%d]".formatted(field, i), list.get(i)));
      }
      return texts;
    }

    private JsonNode list(String field) {
      JsonNode list = node.get(field);
      if (list == null) {
        return JSON.createArrayNode();
      }
      if (!list.isArray()) {
        throw wrong(field, "it is no list");
      }
      return list;
    }

    private NotAnEntry wrong(String field, String why) {
      return new NotAnEntry("Cannot read the catalogue: %s: %s: %s.".formatted(name, field, why));
    }

    private static String sorted() {
      return FIELDS.stream().sorted().toList().toString();
    }
  }

  private static final class NotAnEntry extends DatasetException {
    private static final long serialVersionUID = 1L;

    NotAnEntry(String message) {
      super(message);
    }
  }
}
