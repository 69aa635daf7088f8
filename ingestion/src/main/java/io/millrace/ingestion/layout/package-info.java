/**
 * How sources are laid out: which objects of a directory, or lines of a manifest, make up one
 * sample, and what sample they make. One class a layout, behind {@link
 * io.millrace.ingestion.layout.ImportLayout}; no engine.
 */
package io.millrace.ingestion.layout;
