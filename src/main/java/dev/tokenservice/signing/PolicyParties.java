package dev.tokenservice.signing;

import java.util.List;

/**
 * What a policy says of relying parties to commands on keys.
 *
 * @param names of all of them
 * @param uploaded those that somebody uploads the keys to
 */
public record PolicyParties(List<String> names, UploadedParties uploaded) {}
