package io.millrace.dataset.voc;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads a small XML file as a tree: no document type, no entities but XML's own, nothing fetched
 * from anywhere, and bounds to depth and number of elements.
 */
final class XmlReader {
  /** An object's property in a file of the field is 5 deep. */
  static final int MAX_DEPTH = 24;

  static final int MAX_ELEMENTS = 2_000_000;

  private static final String UTF_8_MARK = "\u00EF\u00BB\u00BF";
  private static final Pattern DECLARED_ENCODING =
      Pattern.compile("^<\\?xml[^>]*encoding\\s*=\\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']");

  private static final String PARSER_MESSAGE = "Message: ";

  /** Making one takes longer than reading a small file; one may not serve two threads at once. */
  private static final ThreadLocal<XMLInputFactory> FACTORY =
      ThreadLocal.withInitial(XmlReader::factory);

  private final XMLStreamReader xml;
  private int elements;

  private XmlReader(XMLStreamReader xml) {
    this.xml = xml;
  }

  static LocatedElement read(byte[] bytes) throws VocFaultException {
    try {
      XMLStreamReader xml = FACTORY.get().createXMLStreamReader(new StringReader(decode(bytes)));
      try {
        return new XmlReader(xml).root();
      } finally {
        xml.close();
      }
    } catch (XMLStreamException e) {
      throw brokenXml(e);
    }
  }

  /**
   * The text of a file: by its byte order mark, else by the encoding it declares, else UTF-8. The
   * platform's parser would print broken bytes to the console.
   */
  private static String decode(byte[] bytes) throws VocFaultException {
    String start = new String(bytes, 0, Math.min(bytes.length, 256), StandardCharsets.ISO_8859_1);
    Matcher declared = DECLARED_ENCODING.matcher(start);
    String encoding = "UTF-8";
    if (start.startsWith("\u00FE\u00FF") || start.startsWith("\u00FF\u00FE")) {
      encoding = "UTF-16";
    } else if (!start.startsWith(UTF_8_MARK) && declared.find()) {
      encoding = declared.group(1);
    }
    try {
      String text =
          Charset.forName(encoding).newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new VocFaultException(
          VocFault.BROKEN_XML, "the bytes are not %s".formatted(encoding), 0, 0);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new VocFaultException(
          VocFault.BROKEN_XML, "the encoding %s is not supported".formatted(encoding), 0, 0);
    }
  }

  // The platform's own parser: one from the class path might not honour the same properties.
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    return factory;
  }

  private LocatedElement root() throws XMLStreamException, VocFaultException {
    if ("1.1".equals(xml.getVersion())) {
      // It allows control characters that no other XML file can hold.
      throw forbidden("the file is XML 1.1 (expected 1.0)");
    }
    while (xml.next() != XMLStreamConstants.START_ELEMENT) {
      refuseForbidden();
    }
    LocatedElement root = element(1);
    while (xml.hasNext()) {
      xml.next();
    }
    return root;
  }

  /** Reads from a start tag to its end tag. */
  private LocatedElement element(int depth) throws XMLStreamException, VocFaultException {
    Location start = xml.getLocation();
    int line = start.getLineNumber();
    int column = start.getColumnNumber();
    String name = xml.getLocalName();
    if (depth > MAX_DEPTH || ++elements > MAX_ELEMENTS) {
      throw forbidden(
          "the XML is nested deeper than %s or has more than %s elements"
              .formatted(MAX_DEPTH, MAX_ELEMENTS));
    }
    if (!XmlText.isName(name) || !isEmpty(xml.getPrefix())) {
      throw forbidden("the element name <%s> is not supported".formatted(name));
    }
    Map<String, String> attributes = attributes();
    StringBuilder text = new StringBuilder();
    List<LocatedElement> children = new ArrayList<>();
    for (int event = xml.next(); event != XMLStreamConstants.END_ELEMENT; event = xml.next()) {
      refuseForbidden();
      if (event == XMLStreamConstants.START_ELEMENT) {
        children.add(element(depth + 1));
      } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
        text.append(xml.getText());
      }
    }
    return new LocatedElement(name, attributes, text.toString(), children, line, column);
  }

  /** Attributes of foreign namespaces are about the file, not about the image. */
  private Map<String, String> attributes() {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      String name = xml.getAttributeLocalName(i);
      if (isEmpty(xml.getAttributePrefix(i)) && XmlText.isName(name)) {
        attributes.put(name, xml.getAttributeValue(i));
      }
    }
    return attributes;
  }

  private void refuseForbidden() throws VocFaultException {
    if (xml.getEventType() == XMLStreamConstants.DTD) {
      throw forbidden("the XML declares a document type, which is refused for safety");
    }
    if (xml.getEventType() == XMLStreamConstants.ENTITY_REFERENCE) {
      throw forbidden("the XML refers to an entity, which is refused for safety");
    }
  }

  private VocFaultException forbidden(String message) {
    Location location = xml.getLocation();
    return new VocFaultException(
        VocFault.FORBIDDEN_XML, message, location.getLineNumber(), location.getColumnNumber());
  }

  private static VocFaultException brokenXml(XMLStreamException e) {
    Location location = e.getLocation();
    String message = String.valueOf(e.getMessage());
    int at = message.indexOf(PARSER_MESSAGE);
    return new VocFaultException(
        VocFault.BROKEN_XML,
        "the XML is broken: "
            + (at < 0 ? message : message.substring(at + PARSER_MESSAGE.length())),
        location == null ? 0 : Math.max(0, location.getLineNumber()),
        location == null ? 0 : Math.max(0, location.getColumnNumber()));
  }

  private static boolean isEmpty(String text) {
    return text == null || text.isEmpty();
  }
}
