/**
 * What becomes of samples when two states of them are brought together, decided one by one: no
 * engine, no storage.
 */
package io.millrace.dataset.merging;
