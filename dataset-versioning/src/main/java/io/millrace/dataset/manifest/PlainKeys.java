package io.millrace.dataset.manifest;

import java.util.List;

/**
 * The known keys of one kind of object, told by their bytes. The key that came after another in the
 * line before is looked for first: writers keep to one order.
 *
 * <p>Several threads may use it: a guess that another thread changed is still only a guess.
 */
final class PlainKeys {
  /** The keys with their quotes. */
  private final ByteText[] plain;

  /** The keys with their quotes and the colon after them. */
  private final ByteText[] withColon;

  /** By key, and last for the start of an object: the key that followed. */
  private final int[] followers;

  PlainKeys(List<String> names) {
    plain = names.stream().map(name -> ByteText.of('"' + name + '"')).toArray(ByteText[]::new);
    withColon =
        names.stream().map(name -> ByteText.of('"' + name + "\":")).toArray(ByteText[]::new);
    followers = new int[plain.length + 1];
  }

  /** What comes before the first key of an object. */
  int start() {
    return plain.length;
  }

  /** The key that may well follow another one. */
  int guess(int before) {
    return followers[before];
  }

  /** A key with its quotes and the colon after them. */
  ByteText withColon(int key) {
    return withColon[key];
  }

  /** The key that begins here, as its index among the names; -1 for one that is not known. */
  int find(int before, byte[] bytes, int from, int to) {
    for (int key = 0; key < plain.length; key++) {
      if (plain[key].isAt(bytes, from, to)) {
        followers[before] = key;
        return key;
      }
    }
    return -1;
  }

  /** Bytes that a key takes, quotes included. */
  int length(int key) {
    return plain[key].length();
  }
}
