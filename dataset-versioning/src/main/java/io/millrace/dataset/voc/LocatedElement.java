package io.millrace.dataset.voc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An element as it was read, with its place in the file.
 *
 * @param text all text directly inside, exactly
 * @param line counted from 1; 0 for an element that was in no file
 */
record LocatedElement(
    String name,
    Map<String, String> attributes,
    String text,
    List<LocatedElement> children,
    int line,
    int column) {

  static LocatedElement of(VocElement element) {
    return new LocatedElement(
        element.name(),
        element.attributes(),
        element.text(),
        element.children().stream().map(LocatedElement::of).toList(),
        0,
        0);
  }

  /** Without the text between its children. */
  VocElement plain() {
    return new VocElement(
        name,
        attributes,
        children.isEmpty() ? text : "",
        children.stream().map(LocatedElement::plain).toList());
  }

  /** The text of a one-line element exactly; of one broken over lines without the space around. */
  String words() {
    return text.indexOf('\n') >= 0 ? text.strip() : text;
  }

  List<LocatedElement> all(String childName) {
    List<LocatedElement> found = new ArrayList<>(1);
    for (LocatedElement child : children) {
      if (child.name.equals(childName)) {
        found.add(child);
      }
    }
    return found;
  }

  /** The only child of a name. */
  Optional<LocatedElement> only(String childName) throws VocFaultException {
    LocatedElement found = null;
    for (LocatedElement child : children) {
      if (child.name.equals(childName)) {
        if (found != null) {
          throw child.fault(
              VocFault.INVALID_FIELD, "<%s> occurs twice in <%s>".formatted(childName, name));
        }
        found = child;
      }
    }
    return Optional.ofNullable(found);
  }

  VocFaultException fault(VocFault fault, String message) {
    return new VocFaultException(fault, message, line, column);
  }
}
