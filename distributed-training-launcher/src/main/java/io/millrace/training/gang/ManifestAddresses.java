package io.millrace.training.gang;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;

/** The addresses in a line of a manifest: the sample's file and the files of its annotations. */
final class ManifestAddresses {
  private static final JsonFactory JSON = new JsonFactory();

  private ManifestAddresses() {}

  /**
   * The line with other addresses and every other character as it was.
   *
   * @param line one that the manifest codec accepts
   * @param change gives an address, as the line has it, another text, or the same
   */
  static String replaced(String line, UnaryOperator<String> change) {
    StringBuilder result = new StringBuilder(line.length() + 64);
    int copied = 0;
    try (JsonParser parser = JSON.createParser(line)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        boolean isValue = token.isScalarValue() && token != JsonToken.VALUE_NULL;
        if (!isValue || !isAddress(parser.getParsingContext())) {
          continue;
        }
        int start = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
        String before = parser.getText();
        int end = Math.toIntExact(parser.currentLocation().getCharOffset());
        String after = change.apply(before);
        if (!after.equals(before)) {
          result.append(line, copied, start).append('"');
          result.append(JsonStringEncoder.getInstance().quoteAsString(after)).append('"');
          copied = end;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("A line that was read before cannot be read: " + line, e);
    }
    return result.append(line, copied, line.length()).toString();
  }

  private static boolean isAddress(JsonStreamContext at) {
    JsonStreamContext around = at.getParent();
    if (!at.inObject() || around == null) {
      return false;
    }
    if ("source".equals(at.getCurrentName())) {
      return around.inRoot();
    }
    return "annotation-loc".equals(at.getCurrentName())
        && around.inArray()
        && "annotation".equals(around.getParent().getCurrentName())
        && around.getParent().getParent() != null
        && around.getParent().getParent().inRoot();
  }
}
