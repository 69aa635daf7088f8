package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The address of something on storage, parsed once and passed around as a value. {@link #value()}
 * is the text as it was given, so that a manifest can be written back as it was read.
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><td>{@code s3://b/k}, {@code s3a://b/k}, {@code obs://b/k}</td><td>object stores; the key is
 *     taken as it stands, a percent sign in it is a percent sign</td></tr>
 * <tr><td>{@code hdfs://host:port/p}</td><td>HDFS; the path is taken as it stands</td></tr>
 * <tr><td>{@code file:/p}, {@code file:///p}</td><td>a local file, percent-encoded as in RFC 8089; a
 *     percent sign that begins no escape is taken as it stands</td></tr>
 * <tr><td>{@code /p}</td><td>a local file, taken as it stands</td></tr>
 * <tr><td>{@code https://...?...}</td><td>a pre-signed address; nothing of it is ever changed</td></tr>
 * <tr><td>{@code content://text}</td><td>the content itself: any text, quotes and line ends
 *     included</td></tr>
 * </table>
 *
 * <p>Two addresses are equal when their texts are; {@link #canonical()} tells whether they mean the
 * same object.
 */
public final class StorageUri implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How the object behind an address is reached. */
  public enum Scheme {
    S3("s3://"),
    S3A("s3a://"),
    OBS("obs://"),
    HDFS("hdfs://"),
    FILE("file:"),
    HTTPS("https://"),
    CONTENT("content://");

    private final String prefix;

    Scheme(String prefix) {
      this.prefix = prefix;
    }
  }

  private static final List<Scheme> SCHEMES = List.of(Scheme.values());
  private static final String PLAIN_IN_PATH =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/";

  private final String value;
  private final Scheme scheme;
  private final String authority;
  private final String path;

  private StorageUri(String value, Scheme scheme, String authority, String path) {
    this.value = value;
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
  }

  /**
   * Parses an address.
   *
   * @throws DatasetException for an unknown scheme, a relative path, a missing bucket or host, and
   *     for a key before a bucket's name, which it does not repeat
   */
  public static StorageUri parse(String text) {
    requireNonNull(text, "text is null");
    if (text.startsWith("/")) {
      return new StorageUri(text, Scheme.FILE, "", checkedPath(withoutDoubleSlashes(text)));
    }
    Scheme scheme = schemeOf(text);
    return switch (scheme) {
      case CONTENT -> new StorageUri(text, scheme, "", text.substring(scheme.prefix.length()));
      case FILE -> ofFileUri(text, text.substring(scheme.prefix.length()));
      case S3, S3A, OBS, HDFS, HTTPS -> ofAuthority(text, scheme);
    };
  }

  private static Scheme schemeOf(String text) {
    // A loop: manifests have millions of addresses.
    for (Scheme candidate : SCHEMES) {
      if (startsWithIgnoringCase(text, candidate.prefix)) {
        return candidate;
      }
    }
    throw new DatasetException(
        "Invalid address: '%s' (expected s3://, s3a://, obs://, hdfs://, https://, file:/, content:// or an absolute path)"
            .formatted(abbreviated(text)));
  }

  /** The address of a local file or directory, in the form {@code file:///...}. */
  public static StorageUri of(Path file) {
    String path = file.toAbsolutePath().normalize().toString();
    return ofLocalPath(path);
  }

  /** An address whose object is this very text. */
  public static StorageUri ofContent(String text) {
    return new StorageUri(Scheme.CONTENT.prefix + text, Scheme.CONTENT, "", text);
  }

  /** The text as it was given. */
  public String value() {
    return value;
  }

  public Scheme scheme() {
    return scheme;
  }

  /** The bucket or the host with its port; empty text for local files and inline content. */
  public String authority() {
    return authority;
  }

  /**
   * The decoded path with a leading slash, the key of an object store included; for {@code https}
   * the path and query as they stand, for {@code content} the text.
   */
  public String path() {
    return path;
  }

  /** Whether the address is its own content. */
  public boolean isContent() {
    return scheme == Scheme.CONTENT;
  }

  /** The last part of the path, without a query; empty text for a root and for inline content. */
  public String fileName() {
    if (isContent()) {
      return "";
    }
    String plain = withoutTrailingSlash(pathWithoutQuery());
    return plain.substring(plain.lastIndexOf('/') + 1);
  }

  /** The directory that holds the object; empty for a root, {@code https} and inline content. */
  public Optional<StorageUri> parent() {
    if (isContent() || scheme == Scheme.HTTPS) {
      return Optional.empty();
    }
    String plain = withoutTrailingSlash(path);
    int slash = plain.lastIndexOf('/');
    return plain.isEmpty() || plain.equals("/")
        ? Optional.empty()
        : Optional.of(withPath(slash == 0 ? "/" : plain.substring(0, slash)));
  }

  /**
   * The address of something below this one.
   *
   * @param relative names separated by slashes, not encoded; a leading {@code ./} is dropped
   * @throws DatasetException if it is empty, absolute, or leads out by {@code ..}
   */
  public StorageUri resolve(String relative) {
    checkArgument(
        !isContent() && scheme != Scheme.HTTPS, "Cannot resolve '%s' below %s", relative, this);
    String plain = relative.startsWith("./") ? relative.substring(2) : relative;
    checkArgument(
        !plain.isEmpty() && !plain.startsWith("/"),
        "Invalid relative path: '%s' (expected names separated by slashes)",
        relative);
    checkArgument(
        Arrays.stream(plain.split("/")).noneMatch(".."::equals),
        "Invalid relative path: '%s' leads out of %s by '..'",
        relative,
        this);
    return withPath(asDirectory(path) + withoutDoubleSlashes(plain));
  }

  /**
   * The path from this directory to an object that was listed below it, names separated by slashes
   * and not encoded.
   *
   * @throws IllegalStateException if its path does not lie below
   */
  public String relativize(StorageUri object) {
    String prefix = asDirectory(path());
    if (!object.path().startsWith(prefix)) {
      throw new IllegalStateException("%s was listed below %s".formatted(object, this));
    }
    return object.path().substring(prefix.length());
  }

  /** Whether this is the same directory as the other, or lies somewhere below it. */
  public boolean isSameOrBelow(StorageUri other) {
    if (isContent() || other.isContent()) {
      return equals(other);
    }
    StorageUri mine = canonical();
    StorageUri theirs = other.canonical();
    return mine.scheme == theirs.scheme
        && mine.authority.equals(theirs.authority)
        && asDirectory(mine.path).startsWith(asDirectory(theirs.path));
  }

  /**
   * One form for all addresses of an object: {@code s3a} becomes {@code s3}, a local file {@code
   * file:///...}; a trailing slash is dropped. Pre-signed addresses lose their query, since each
   * signing gives another one.
   */
  public StorageUri canonical() {
    return switch (scheme) {
      case CONTENT -> this;
      case HTTPS ->
          new StorageUri(
              Scheme.HTTPS.prefix + authority + pathWithoutQuery(),
              scheme,
              authority,
              pathWithoutQuery());
      case FILE -> ofLocalPath(Path.of(path).normalize().toString());
      case S3A, S3 ->
          new StorageUri(
              Scheme.S3.prefix + authority + withoutTrailingSlash(path),
              Scheme.S3,
              authority,
              withoutTrailingSlash(path));
      case OBS, HDFS -> withPath(withoutTrailingSlash(path));
    };
  }

  /** The local file meant; empty for every other scheme. */
  public Optional<Path> localPath() {
    return scheme == Scheme.FILE ? Optional.of(Path.of(path)) : Optional.empty();
  }

  /** The local file meant. For code that serves local addresses only. */
  public Path requireLocalPath() {
    return localPath()
        .orElseThrow(
            () -> new DatasetException("Cannot use %s here: it is no local path".formatted(this)));
  }

  /**
   * For logs and messages: a query and a user, which may hold secrets, are left out, content is
   * shortened.
   */
  @Override
  public String toString() {
    if (isContent()) {
      return abbreviated(value);
    }
    return scheme == Scheme.HTTPS
        ? Scheme.HTTPS.prefix
            + authority.substring(authority.lastIndexOf('@') + 1)
            + pathWithoutQuery()
        : value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StorageUri uri && uri.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  private StorageUri withPath(String newPath) {
    return scheme == Scheme.FILE
        ? ofLocalPath(newPath)
        : new StorageUri(scheme.prefix + authority + newPath, scheme, authority, newPath);
  }

  private String pathWithoutQuery() {
    if (scheme != Scheme.HTTPS) {
      return path;
    }
    int end = path.length();
    for (char mark : new char[] {'?', '#'}) {
      int at = path.indexOf(mark);
      end = at >= 0 ? Math.min(end, at) : end;
    }
    return path.substring(0, end);
  }

  private static StorageUri ofLocalPath(String path) {
    return new StorageUri("file://" + percentEncoded(path), Scheme.FILE, "", checkedPath(path));
  }

  private static String checkedPath(String path) {
    checkArgument(path.indexOf('\0') < 0, "Invalid local path: it holds the character NUL");
    return path;
  }

  private static StorageUri ofFileUri(String text, String rest) {
    String path = rest.startsWith("//localhost/") ? rest.substring("//localhost".length()) : rest;
    path = path.startsWith("///") ? path.substring(2) : path;
    checkArgument(
        path.startsWith("/") && !path.startsWith("//"),
        "Invalid address: '%s' (expected file:/path or file:///path)",
        text);
    return new StorageUri(
        text, Scheme.FILE, "", checkedPath(withoutDoubleSlashes(percentDecoded(path))));
  }

  private static StorageUri ofAuthority(String text, Scheme scheme) {
    int start = scheme.prefix.length();
    int end = text.indexOf('/', start);
    if (scheme == Scheme.HTTPS) {
      for (char mark : new char[] {'?', '#'}) {
        int at = text.indexOf(mark, start);
        end = at >= 0 && (end < 0 || at < end) ? at : end;
      }
    }
    String authority = end < 0 ? text.substring(start) : text.substring(start, end);
    checkArgument(
        !mayHoldKey(scheme, authority),
        "Invalid address: a user or a key stands before the bucket's name in %s...; no address may hold one. Write %sBUCKET/path and give credentials by the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), a profile in ~/.aws/credentials or the machine's role.",
        scheme.prefix,
        scheme.prefix);
    checkArgument(
        !authority.isBlank(),
        "Invalid address: '%s' (expected %sBUCKET-OR-HOST/path)",
        abbreviated(text),
        scheme.prefix);
    return new StorageUri(text, scheme, authority, end < 0 ? "/" : text.substring(end));
  }

  /** A secret key may hold slashes, so that a colon alone tells {@code KEY:SECRET@bucket}. */
  private static boolean mayHoldKey(Scheme scheme, String authority) {
    return switch (scheme) {
      case S3, S3A, OBS -> authority.indexOf('@') >= 0 || authority.indexOf(':') >= 0;
      case HDFS, FILE, HTTPS, CONTENT -> false;
    };
  }

  /** Keeps what RFC 3986 allows in a path; every other byte of its UTF-8 form is escaped. */
  private static String percentEncoded(String path) {
    StringBuilder encoded = new StringBuilder(path.length() + 16);
    for (byte value : path.getBytes(StandardCharsets.UTF_8)) {
      if (value > 0 && PLAIN_IN_PATH.indexOf(value) >= 0) {
        encoded.append((char) value);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(value));
      }
    }
    return encoded.toString();
  }

  private static String percentDecoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); ) {
      int code = text.codePointAt(i);
      if (code == '%' && i + 2 < text.length() && isHex(text, i + 1) && isHex(text, i + 2)) {
        bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
        i += 3;
      } else {
        bytes.writeBytes(Character.toString(code).getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(code);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static boolean isHex(String text, int index) {
    return Character.digit(text.charAt(index), 16) >= 0;
  }

  private static boolean startsWithIgnoringCase(String text, String prefix) {
    return text.startsWith(prefix)
        || (text.regionMatches(true, 0, prefix, 0, prefix.length())
            && text.substring(0, prefix.length()).toLowerCase(Locale.ROOT).equals(prefix));
  }

  private static String asDirectory(String path) {
    return path.endsWith("/") ? path : path + "/";
  }

  private static String withoutTrailingSlash(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static String withoutDoubleSlashes(String path) {
    return path.contains("//") ? path.replaceAll("/{2,}", "/") : path;
  }

  private static String abbreviated(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }
}
