package dev.tokenservice.signing;

import java.util.List;

/**
 * The relying parties of a policy, for the {@code keys} commands.
 *
 * @param names the names of all relying parties
 * @param uploaded the relying parties with uploaded keys
 */
public record PolicyParties(List<String> names, UploadedParties uploaded) {}
