package io.millrace.dataset.split;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Many texts in one array of bytes, each findable: takes their UTF-8 and 8 bytes a text, or 4 where
 * they were added in ascending order, a tenth of what strings in a map take.
 */
final class PackedTexts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final byte[] bytes;
  private final int[] ends;

  /**
   * The numbers of the texts in ascending order of their bytes; empty where they are so already.
   */
  private final int[] order;

  private PackedTexts(byte[] bytes, int[] ends) {
    this.bytes = bytes;
    this.ends = ends;
    this.order = isAscending() ? new int[0] : sorted();
  }

  /** Takes texts, which get numbers from 0. */
  static final class Builder {
    private final IntList ends = new IntList();
    private byte[] bytes = new byte[1 << 16];
    private int used;

    void add(String text) {
      byte[] added = text.getBytes(StandardCharsets.UTF_8);
      long needed = (long) used + added.length;
      checkArgument(
          needed <= Integer.MAX_VALUE - 8,
          "Cannot split: ids and addresses take more than 2 GB. Split fewer samples at once.");
      if (needed > bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, needed + needed / 2));
      }
      System.arraycopy(added, 0, bytes, used, added.length);
      used += added.length;
      ends.add(used);
    }

    PackedTexts build() {
      return new PackedTexts(Arrays.copyOf(bytes, used), ends.toArray());
    }
  }

  int size() {
    return ends.length;
  }

  String text(int number) {
    return new String(bytes, start(number), ends[number] - start(number), StandardCharsets.UTF_8);
  }

  /** The number of a text, -1 where it was not added; of equal texts any. */
  int find(String text) {
    int place = firstPlace(text.getBytes(StandardCharsets.UTF_8));
    return place < size() && text.equals(text(at(place))) ? at(place) : -1;
  }

  /** The numbers of all texts that equal this one, in the order in which they were added. */
  int[] findAll(String text) {
    byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
    int first = firstPlace(wanted);
    int end = first;
    while (end < size() && compare(at(end), wanted) == 0) {
      end++;
    }
    return IntStream.range(first, end).map(this::at).sorted().toArray();
  }

  /** The number of the text at a place of the ascending order. */
  int at(int place) {
    return order.length == 0 ? place : order[place];
  }

  boolean areEqual(int one, int other) {
    return compare(one, other) == 0;
  }

  private int firstPlace(byte[] wanted) {
    int low = 0;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(at(middle), wanted) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int start(int number) {
    return number == 0 ? 0 : ends[number - 1];
  }

  private int compare(int number, byte[] other) {
    return Arrays.compareUnsigned(bytes, start(number), ends[number], other, 0, other.length);
  }

  private int compare(int one, int other) {
    return Arrays.compareUnsigned(bytes, start(one), ends[one], bytes, start(other), ends[other]);
  }

  private boolean isAscending() {
    for (int i = 1; i < ends.length; i++) {
      if (compare(i - 1, i) > 0) {
        return false;
      }
    }
    return true;
  }

  private int[] sorted() {
    return IntStream.range(0, ends.length)
        .boxed()
        .sorted(this::compare)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
