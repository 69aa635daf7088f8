package io.millrace.dataset.storage;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Objects behind pre-signed addresses: they can be read, and nothing else. Messages leave out the
 * query, which holds the signature.
 *
 * <p>A signature is valid for one method, so that {@link #find} asks by GET for the first byte.
 */
public final class HttpsObjectStore implements ObjectStore {
  private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(60);

  private final HttpClient client;

  public HttpsObjectStore(HttpClient client) {
    this.client = requireNonNull(client, "client is null");
  }

  @Override
  public InputStream open(StorageUri object) throws IOException {
    HttpResponse<InputStream> response = send(object, request(object));
    if (response.statusCode() == 200) {
      return response.body();
    }
    response.body().close();
    throw refused(object, response.statusCode());
  }

  @Override
  public Optional<StoredObject> find(StorageUri object) throws IOException {
    HttpResponse<InputStream> response = send(object, request(object).header("Range", "bytes=0-0"));
    response.body().close();
    return switch (response.statusCode()) {
      case 200, 206 ->
          Optional.of(
              new StoredObject(object, size(object, response), time(response), etag(response)));
      // An empty object has no first byte.
      case 416 -> Optional.of(new StoredObject(object, 0, time(response), etag(response)));
      case 404, 410 -> Optional.empty();
      default -> throw refused(object, response.statusCode());
    };
  }

  @Override
  public boolean isDirectory(StorageUri address) {
    return false;
  }

  @Override
  public Stream<StoredObject> list(StorageUri directory) {
    throw readOnly("list", directory);
  }

  @Override
  public Stream<StoredObject> listFiles(StorageUri directory) {
    throw readOnly("list", directory);
  }

  @Override
  public Stream<StorageUri> listDirectories(StorageUri directory) {
    throw readOnly("list", directory);
  }

  @Override
  public PendingObject create(StorageUri object) {
    throw readOnly("write", object);
  }

  @Override
  public void delete(StorageUri address) {
    throw readOnly("delete", address);
  }

  @Override
  public void rename(StorageUri directory, StorageUri target) {
    throw readOnly("rename", directory);
  }

  private static DatasetException readOnly(String verb, StorageUri address) {
    return new DatasetException(
        "Cannot %s %s: a pre-signed address serves for reading one object. Use the storage's own address, such as s3:// or obs://."
            .formatted(verb, address));
  }

  private static IOException refused(StorageUri object, int status) {
    return switch (status) {
      case 404, 410 ->
          new FileNotFoundException("Cannot read %s: there is no such object".formatted(object));
      case 401, 403 ->
          new IOException(
              "Cannot read %s: the server refused it (HTTP %s). The address may have expired."
                  .formatted(object, status));
      default ->
          new IOException("Cannot read %s: the server answered HTTP %s".formatted(object, status));
    };
  }

  private static HttpRequest.Builder request(StorageUri object) throws IOException {
    try {
      return HttpRequest.newBuilder(new URI(object.value())).timeout(RESPONSE_TIMEOUT).GET();
    } catch (URISyntaxException | IllegalArgumentException e) {
      // The cause's message would show the signature.
      throw new IOException("Cannot read %s: it is no valid web address".formatted(object));
    }
  }

  private HttpResponse<InputStream> send(StorageUri object, HttpRequest.Builder request)
      throws IOException {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("Cannot read %s: interrupted".formatted(object));
      interrupted.initCause(e);
      throw interrupted;
    } catch (IOException e) {
      throw new IOException("Cannot read %s: %s".formatted(object, e), e);
    }
  }

  private static long size(StorageUri object, HttpResponse<?> response) throws IOException {
    OptionalLong size =
        response.statusCode() == 206
            ? response
                .headers()
                .firstValue("Content-Range")
                .map(range -> range.substring(range.lastIndexOf('/') + 1))
                .filter(total -> total.matches("[0-9]{1,18}"))
                .map(total -> OptionalLong.of(Long.parseLong(total)))
                .orElse(OptionalLong.empty())
            : response.headers().firstValueAsLong("Content-Length");
    return size.orElseThrow(
        () -> new IOException("Cannot read %s: the server tells no size".formatted(object)));
  }

  private static Optional<String> etag(HttpResponse<?> response) {
    return StoredObject.etag(response.headers().firstValue("ETag"));
  }

  private static Instant time(HttpResponse<?> response) {
    try {
      return response
          .headers()
          .firstValue("Last-Modified")
          .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
          .orElse(Instant.EPOCH);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
