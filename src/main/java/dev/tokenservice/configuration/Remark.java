package dev.tokenservice.configuration;

/**
 * Something to say of a file.
 *
 * @param text the setting, and what about it
 * @param wrong whether it is a mistake; otherwise it could not be judged
 */
record Remark(String file, String text, boolean wrong) {}
