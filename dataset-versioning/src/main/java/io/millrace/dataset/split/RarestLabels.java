package io.millrace.dataset.split;

/**
 * Labels by how many units of each are left, the rarest first, equals by their number: a binary
 * heap that knows where each label stands, so that a count can fall in logarithmic time.
 */
final class RarestLabels {
  private final int[] left;
  private final int[] heap;
  private final int[] places;
  private int size;

  /**
   * @param left how many units of each label
   */
  RarestLabels(int[] left) {
    this.left = left.clone();
    heap = new int[left.length];
    places = new int[left.length];
    for (int label = 0; label < left.length; label++) {
      put(label, size++);
      rise(places[label]);
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Takes the rarest label out. */
  int take() {
    int rarest = heap[0];
    places[rarest] = -1;
    int last = heap[--size];
    if (size > 0) {
      put(last, 0);
      sink(0);
    }
    return rarest;
  }

  /** One unit of a label less is left; nothing happens for a label that was taken out. */
  void decrement(int label) {
    left[label]--;
    if (places[label] >= 0) {
      rise(places[label]);
    }
  }

  private void put(int label, int place) {
    heap[place] = label;
    places[label] = place;
  }

  private void rise(int place) {
    int label = heap[place];
    int at = place;
    while (at > 0 && isBefore(label, heap[(at - 1) / 2])) {
      put(heap[(at - 1) / 2], at);
      at = (at - 1) / 2;
    }
    put(label, at);
  }

  private void sink(int place) {
    int label = heap[place];
    int at = place;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], label)) {
        break;
      }
      put(heap[child], at);
      at = child;
    }
    put(label, at);
  }

  private boolean isBefore(int one, int other) {
    return left[one] != left[other] ? left[one] < left[other] : one < other;
  }
}
