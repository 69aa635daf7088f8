package io.millrace.dataset.storage;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a service that speaks S3 is reached.
 *
 * @param address {@code http://} or {@code https://} and a host; empty for Amazon's own
 * @param region by its code, such as {@code eu-west-1}
 * @param addressing how buckets are named to it
 */
public record StoreEndpoint(
    Service service,
    Optional<URI> address,
    Optional<String> region,
    Optional<Addressing> addressing) {

  /** Who serves. */
  public enum Service {
    /** {@code s3://} and {@code s3a://}: Amazon's, or any other store with its interface. */
    S3("fs.s3a."),
    /** {@code obs://}: Huawei's. */
    OBS("fs.obs.");

    private final String prefix;

    Service(String prefix) {
      this.prefix = prefix;
    }
  }

  /** Where a bucket's name stands in a request. */
  public enum Addressing {
    /** {@code https://HOST/BUCKET/key}: needs nothing of the name service. */
    PATH,
    /** {@code https://BUCKET.HOST/key}. */
    VIRTUAL_HOST
  }

  private static final Pattern NUMERIC_HOST = Pattern.compile("[0-9.]+|\\[.*]");
  private static final Pattern OBS_HOST =
      Pattern.compile("obs\\.([a-z0-9-]+)\\.myhuaweicloud\\..+");

  public StoreEndpoint {
    requireNonNull(service, "service is null");
    requireNonNull(address, "address is null");
    requireNonNull(region, "region is null");
    requireNonNull(addressing, "addressing is null");
    checkArgument(
        region.isEmpty() || region.get().matches("[A-Za-z0-9-]+"),
        "Invalid region: '%s' (expected a code such as eu-west-1)",
        region.orElse(""));
  }

  /**
   * Reads the address of an endpoint; one without a scheme is taken as {@code https}.
   *
   * @throws io.millrace.dataset.DatasetException for another scheme, a missing host, a path, and
   *     for one with a user or a password, which it does not repeat
   */
  public static URI parseAddress(String text) {
    String full = text.contains("://") ? text.strip() : "https://" + text.strip();
    checkArgument(
        full.indexOf('@') < 0,
        "Invalid endpoint: it holds a user or a password, which no address may hold. Give credentials by the environment, a profile or the machine's role.");
    URI address;
    try {
      address = new URI(full);
    } catch (URISyntaxException e) {
      throw StorageErrors.invalidEndpoint(text, e);
    }
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    String path = String.valueOf(address.getPath());
    if (!(scheme.equals("http") || scheme.equals("https"))
        || address.getHost() == null
        || !(path.isEmpty() || path.equals("/"))
        || address.getQuery() != null) {
      throw StorageErrors.invalidEndpoint(text, null);
    }
    return address;
  }

  /**
   * Hadoop's settings. Other stores than Amazon's rarely serve {@code BUCKET.HOST} and have one
   * region whose name does not matter, so that an S3 endpoint without more said is addressed by
   * path, in {@code us-east-1}. Huawei's is addressed by host unless the host is a number or this
   * machine, and its region is read from the host.
   */
  public Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>();
    address.ifPresent(uri -> properties.put(service.prefix + "endpoint", uri.toString()));
    region
        .or(this::impliedRegion)
        .ifPresent(code -> properties.put(service.prefix + "endpoint.region", code));
    addressing
        .or(this::impliedAddressing)
        .ifPresent(
            way ->
                properties.put(
                    service.prefix + "path.style.access",
                    Boolean.toString(way == Addressing.PATH)));
    return properties;
  }

  private Optional<String> impliedRegion() {
    return address
        .filter(uri -> !isAmazons(uri))
        .map(
            uri -> {
              Matcher obs = OBS_HOST.matcher(uri.getHost());
              return obs.matches() ? obs.group(1) : "us-east-1";
            });
  }

  private Optional<Addressing> impliedAddressing() {
    return address
        .filter(uri -> !isAmazons(uri))
        .map(
            uri ->
                service == Service.S3 || isThisMachineOrNumber(uri.getHost())
                    ? Addressing.PATH
                    : Addressing.VIRTUAL_HOST);
  }

  private static boolean isAmazons(URI uri) {
    return uri.getHost().endsWith(".amazonaws.com") || uri.getHost().endsWith(".amazonaws.com.cn");
  }

  private static boolean isThisMachineOrNumber(String host) {
    return host.equals("localhost") || NUMERIC_HOST.matcher(host).matches();
  }
}
