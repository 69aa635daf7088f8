package io.millrace.dataset.storage

import java.io.{ByteArrayInputStream, ByteArrayOutputStream, FileNotFoundException, InputStream}
import java.nio.file.FileAlreadyExistsException
import java.time.Instant
import java.util.Optional
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import java.util.stream.Stream

import scala.jdk.CollectionConverters._

import org.scalatest.{BeforeAndAfterEach, Suite}

import io.millrace.dataset.StorageUri

/** Objects in memory, keyed by canonical address; counts the streams that nobody closed. */
class InMemoryObjectStore extends ObjectStore {
  private final class Entry(val bytes: Array[Byte], val time: Instant)

  private val objects = new ConcurrentHashMap[String, Entry]
  private val open = new AtomicInteger

  /** Streams that were handed out and not closed yet. */
  def openStreams: Int = open.get

  override def open(uri: StorageUri): InputStream = {
    val entry = objects.get(key(uri))
    if (entry == null) throw new FileNotFoundException(s"Cannot read $uri: there is no such object")
    open.incrementAndGet()
    new ByteArrayInputStream(entry.bytes) {
      private var closed = false
      override def close(): Unit = if (!closed) { closed = true; open.decrementAndGet() }
    }
  }

  override def create(uri: StorageUri): PendingObject = {
    if (isDirectory(uri)) throw new java.io.IOException(s"Cannot write $uri: it is a directory")
    open.incrementAndGet()
    val bytes = new ByteArrayOutputStream
    new PendingObject(bytes) {
      override protected def publish(): Unit = {
        open.decrementAndGet()
        objects.put(key(uri), new Entry(bytes.toByteArray, Instant.EPOCH))
      }
      override protected def forget(): Unit = open.decrementAndGet()
    }
  }

  override def find(uri: StorageUri): Optional[StoredObject] =
    Optional.ofNullable(objects.get(key(uri)))
      .map(entry => stored(uri, entry))

  override def isDirectory(uri: StorageUri): Boolean = below(uri).nonEmpty

  override def list(directory: StorageUri): Stream[StoredObject] =
    below(directory).map { case (name, entry) =>
      stored(directory.resolve(name), entry)
    }.asJava.stream

  override def listFiles(directory: StorageUri): Stream[StoredObject] =
    list(directory).filter(stored => stored.uri.parent.get.canonical == directory.canonical)

  override def listDirectories(directory: StorageUri): Stream[StorageUri] =
    below(directory).map(_._1).filter(_.contains('/')).map(_.takeWhile(_ != '/')).distinct
      .map(directory.resolve).asJava.stream

  override def delete(uri: StorageUri): Unit = {
    below(uri).foreach { case (name, _) => objects.remove(key(uri.resolve(name))) }
    objects.remove(key(uri))
  }

  override def rename(directory: StorageUri, target: StorageUri): Unit = {
    if (isDirectory(target) || find(target).isPresent) {
      throw new FileAlreadyExistsException(target.toString)
    }
    val moved = below(directory)
    if (moved.isEmpty) throw new FileNotFoundException(s"Cannot rename $directory: not found")
    moved.foreach { case (name, entry) => objects.put(key(target.resolve(name)), entry) }
    delete(directory)
  }

  /** With an etag that tells contents apart, as an object store has it. */
  private def stored(uri: StorageUri, entry: Entry): StoredObject = {
    val etag = Integer.toHexString(java.util.Arrays.hashCode(entry.bytes))
    new StoredObject(uri, entry.bytes.length, entry.time, Optional.of(etag))
  }

  private def key(uri: StorageUri): String = uri.canonical.value

  /** Names relative to a directory. The key of a local file is percent-encoded. */
  private def below(directory: StorageUri): Seq[(String, Entry)] = {
    val prefix = directory.canonical.path.stripSuffix("/") + "/"
    objects.asScala.toSeq.flatMap { case (key, entry) =>
      val uri = StorageUri.parse(key)
      val isBelow = uri.isSameOrBelow(directory) && uri.path.startsWith(prefix)
      if (isBelow) Some(uri.path.substring(prefix.length) -> entry) else None
    }.sortBy(_._1)
  }
}

/** Gives each test a fresh store, and fails a test that leaves a stream open. */
trait InMemoryStorage extends BeforeAndAfterEach { this: Suite =>
  protected var store: InMemoryObjectStore = new InMemoryObjectStore

  override protected def beforeEach(): Unit = {
    store = new InMemoryObjectStore
    super.beforeEach()
  }

  override protected def afterEach(): Unit = {
    super.afterEach()
    assert(store.openStreams == 0, "a stream was left open")
  }
}
