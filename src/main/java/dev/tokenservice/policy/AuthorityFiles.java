package dev.tokenservice.policy;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.policy.AuthorityReader.Definition;
import dev.tokenservice.policy.PolicyNode.Placed;
import dev.tokenservice.x509.CertificateFile;
import dev.tokenservice.x509.CertificateVerifier;
import dev.tokenservice.x509.FetchedLists;
import dev.tokenservice.x509.RevocationLists;
import dev.tokenservice.x509.TrustBundle;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the files of authorities, and checks that no key belongs to two authorities. */
final class AuthorityFiles {

    private final PolicyFiles files;
    private final List<Definition> definitions;
    private final Clock clock;

    /** Names of authorities by the public key of a trust anchor. */
    private final Map<String, String> ofKey = new HashMap<>();

    AuthorityFiles(PolicyFiles files, List<Definition> definitions, Clock clock) {
        this.files = files;
        this.definitions = definitions;
        this.clock = clock;
    }

    /** Returns the authorities with usable files, in the order of the policy. */
    List<Trusted> load() {
        List<Trusted> trusted = new ArrayList<>();
        for (Definition definition : definitions) {
            Optional<TrustBundle> bundle = definition.trustBundle().flatMap(place -> bundle(definition, place));
            List<X509CRL> lists = new ArrayList<>();
            definition.revocationLists().forEach(place -> lists(place).ifPresent(lists::addAll));
            bundle.ifPresent(roots -> {
                checkKeys(definition, roots);
                Optional<FetchedLists> fetched = definition
                        .fetched()
                        .map(settings -> new FetchedLists(
                                definition.name(),
                                settings.at(folder -> files.path(folder.toString())),
                                roots,
                                lists,
                                clock));
                trusted.add(new Trusted(
                        authority(definition),
                        fetched.map(changing -> new CertificateVerifier(roots, changing, clock))
                                .orElseGet(() -> new CertificateVerifier(roots, new RevocationLists(lists), clock)),
                        fetched,
                        Stream.concat(roots.roots().stream(), roots.intermediates().stream())
                                .toList()));
            });
        }
        return trusted;
    }

    private Authority authority(Definition definition) {
        List<String> reserved = definitions.stream()
                .filter(other -> !other.name().equals(definition.name())
                        && other.clientId()
                                .filter(ClientIdTemplate::beginsWithAuthority)
                                .isPresent())
                .map(other -> other.name() + "/")
                .toList();
        boolean prefixed = definition
                .clientId()
                .filter(ClientIdTemplate::beginsWithAuthority)
                .isPresent();
        return new Authority(
                definition.name(), definition.restrictions(), definition.clientId(), prefixed ? List.of() : reserved);
    }

    private Optional<TrustBundle> bundle(Definition definition, Placed place) {
        try {
            Path path = files.path(place.text());
            List<X509Certificate> all = new ArrayList<>();
            for (Path file : files.look(path)) {
                all.addAll(CertificateFile.certificates(file, new char[0]));
            }
            return Optional.of(TrustBundle.of(all, path, definition.intermediatesAsAnchors()));
        } catch (UnusableFileException e) {
            place.node().unusable(e);
            return Optional.empty();
        }
    }

    private Optional<List<X509CRL>> lists(Placed place) {
        try {
            List<X509CRL> lists = new ArrayList<>();
            for (Path file : files.look(files.path(place.text()))) {
                lists.addAll(RevocationLists.read(file).lists());
            }
            return Optional.of(lists);
        } catch (UnusableFileException e) {
            place.node().unusable(e);
            return Optional.empty();
        }
    }

    private void checkKeys(Definition definition, TrustBundle bundle) {
        for (X509Certificate anchor : bundle.roots()) {
            String key = HexFormat.of().formatHex(anchor.getPublicKey().getEncoded());
            String other = ofKey.putIfAbsent(key, definition.name());
            if (other != null && !other.equals(definition.name())) {
                definition
                        .place()
                        .problem("the key of "
                                + PolicyProblems.quoted(
                                        anchor.getSubjectX500Principal().getName()) + " is already in the authority "
                                + other
                                + ": each key belongs to one authority");
            }
        }
    }
}
