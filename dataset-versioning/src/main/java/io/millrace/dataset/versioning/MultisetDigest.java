package io.millrace.dataset.versioning;

import io.millrace.dataset.Digest;
import java.io.Serializable;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The digest of things in no order: the SHA-256 of each, added modulo 2^256. Parts that were
 * digested apart, by tasks or machines, are put together by {@link #plus}. It finds accidental and
 * careless changes; it is no defence against somebody who constructs rows to cancel out.
 *
 * @see <a href="https://doi.org/10.1007/3-540-69053-0_13">Bellare, Micciancio: A New Paradigm for
 *     Collision-Free Hashing, Eurocrypt 1997, AdHASH</a>
 */
public record MultisetDigest(BigInteger sum) implements Serializable {
  private static final int BYTES = 32;
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(8 * BYTES);

  /** Of nothing. */
  public static final MultisetDigest EMPTY = new MultisetDigest(BigInteger.ZERO);

  /** Of things with these digests, one after the other. */
  public static final class Adder {
    private final MessageDigest sha256 = Digest.sha256();
    private final long[] limbs = new long[BYTES / Integer.BYTES];

    /** One thing more: these bytes. */
    public void add(byte[] content) {
      addDigest(sha256.digest(content));
    }

    /** One file more: its path, a zero byte, and the SHA-256 of its content. */
    public void addFile(String path, byte[] contentDigest) {
      sha256.update(path.getBytes(StandardCharsets.UTF_8));
      sha256.update((byte) 0);
      addDigest(sha256.digest(contentDigest));
    }

    private void addDigest(byte[] digest) {
      for (int limb = 0; limb < limbs.length; limb++) {
        int at = BYTES - Integer.BYTES * (limb + 1);
        limbs[limb] +=
            ((digest[at] & 0xffL) << 24)
                | ((digest[at + 1] & 0xffL) << 16)
                | ((digest[at + 2] & 0xffL) << 8)
                | (digest[at + 3] & 0xffL);
      }
      if (limbs[0] < 0 || limbs[0] > Long.MAX_VALUE / 2) {
        throw new IllegalStateException("More than 2^30 things are digested as one part");
      }
    }

    public MultisetDigest sum() {
      BigInteger sum = BigInteger.ZERO;
      for (int limb = limbs.length - 1; limb >= 0; limb--) {
        sum = sum.shiftLeft(Integer.SIZE).add(BigInteger.valueOf(limbs[limb]));
      }
      return new MultisetDigest(sum.mod(MODULUS));
    }
  }

  /** Of the things of both. */
  public MultisetDigest plus(MultisetDigest other) {
    return new MultisetDigest(sum.add(other.sum).mod(MODULUS));
  }

  public Digest toDigest() {
    String hex = sum.toString(16);
    return new Digest("0".repeat(2 * BYTES - hex.length()) + hex);
  }
}
