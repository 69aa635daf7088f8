package io.millrace.ingestion.layout;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/**
 * The images, annotations and categories of a COCO file, one at a time, in the file's order; all
 * else is skipped. A file that is no JSON fails the import, since nothing tells what it lacks.
 */
final class CocoElements implements Iterator<CocoElements.Element>, AutoCloseable {
  static final String IMAGES = "images";
  static final String ANNOTATIONS = "annotations";
  static final String CATEGORIES = "categories";

  private static final Set<String> SECTIONS = Set.of(IMAGES, ANNOTATIONS, CATEGORIES);
  private static final JsonMapper MAPPER =
      JsonMapper.builder(new JsonFactory())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /**
   * An element of a section.
   *
   * @param place in its section, counted from 1
   */
  record Element(String section, long place, JsonNode node) {}

  private final StorageUri file;
  private final JsonParser parser;
  private String section = "";
  private long place;
  private boolean isAtEnd;
  private Optional<Element> next = Optional.empty();

  private CocoElements(StorageUri file, JsonParser parser) {
    this.file = file;
    this.parser = parser;
  }

  static CocoElements open(ObjectStore store, StorageUri file) throws IOException {
    CocoElements elements = new CocoElements(file, MAPPER.createParser(store.open(file)));
    try {
      if (elements.parser.nextToken() != JsonToken.START_OBJECT) {
        throw ImageLayoutErrors.invalid(file, "it holds no JSON object");
      }
      return elements;
    } catch (JsonProcessingException e) {
      elements.close();
      throw elements.invalid(e);
    } catch (IOException | RuntimeException e) {
      elements.close();
      throw e;
    }
  }

  @Override
  public boolean hasNext() {
    try {
      if (next.isEmpty() && !isAtEnd) {
        next = advance();
      }
      return next.isPresent();
    } catch (JsonProcessingException e) {
      throw invalid(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Element next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Element element = next.orElseThrow();
    next = Optional.empty();
    return element;
  }

  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Element> advance() throws IOException {
    while (true) {
      JsonToken token = parser.nextToken();
      if (section.isEmpty()) {
        if (token == JsonToken.END_OBJECT) {
          isAtEnd = true;
          return Optional.empty();
        }
        if (token == null) {
          throw ImageLayoutErrors.invalid(file, "it ends amid its JSON");
        }
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.START_ARRAY && SECTIONS.contains(name)) {
          section = name;
          place = 0;
        } else {
          parser.skipChildren();
        }
      } else if (token == JsonToken.END_ARRAY) {
        section = "";
      } else {
        place++;
        return Optional.of(new Element(section, place, parser.readValueAsTree()));
      }
    }
  }

  private DatasetException invalid(JsonProcessingException e) {
    return ImageLayoutErrors.invalid(
        file,
        "it is no JSON at line %d, column %d"
            .formatted(
                e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                e.getLocation() == null ? 1 : e.getLocation().getColumnNr()));
  }
}
