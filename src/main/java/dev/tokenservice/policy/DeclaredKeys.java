package dev.tokenservice.policy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a policy file says of keys. Reads this file only, and not those that it names: a command on keys need not have them.
 *
 * @param names of all relying parties
 * @param uploaded the names of those that somebody uploads the keys to, each with the algorithm of its tokens
 */
public record DeclaredKeys(List<String> names, Map<String, String> uploaded) {

    /**
     * Reads.
     *
     * @param standardAlgorithm that of tokens for which the file names none
     * @throws dev.tokenservice.files.UnusableFileException with what is wrong in what is read
     */
    public static DeclaredKeys read(Path file, String standardAlgorithm) {
        PolicyProblems problems = new PolicyProblems(file);
        TokenSettings settings = TokenSettings.ofAlgorithm(standardAlgorithm);
        List<String> names = new ArrayList<>();
        Map<String, String> uploaded = new LinkedHashMap<>();
        PolicyText.read(file, problems)
                .flatMap(root ->
                        Optional.ofNullable(root.members(PolicyFile.KEYS).get("relyingParties")))
                .ifPresent(parties -> parties.members().forEach((name, place) -> {
                    names.add(name);
                    RelyingPartyReader.algorithmOfUploaded(place, settings)
                            .ifPresent(algorithm -> uploaded.put(name, algorithm));
                }));
        problems.throwIfAny();
        return new DeclaredKeys(names, uploaded);
    }
}
