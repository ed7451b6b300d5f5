import java.io.*;
import java.nio.file.*;
import java.security.cert.*;
import java.util.*;
import javax.xml.crypto.*;
import javax.xml.crypto.dsig.*;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.*;
import javax.xml.parsers.*;
import org.w3c.dom.*;

/** Verifies a detached signature with the JDK alone: java Verify.java SIGNATURE FOLDER CA.pem */
public class Verify {
    public static void main(String[] arguments) throws Exception {
        DocumentBuilderFactory parsers = DocumentBuilderFactory.newInstance();
        parsers.setNamespaceAware(true);
        parsers.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        Document document = parsers.newDocumentBuilder().parse(new File(arguments[0]));
        CertificateFactory x509 = CertificateFactory.getInstance("X.509");
        X509Certificate authority;
        try (InputStream in = new FileInputStream(arguments[2])) {
            authority = (X509Certificate) x509.generateCertificate(in);
        }
        DOMValidateContext context = new DOMValidateContext(new TrustedKey(x509, authority), document.getDocumentElement());
        NodeList all = document.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            if (((Element) all.item(i)).hasAttribute("Id")) context.setIdAttributeNS((Element) all.item(i), null, "Id");
        }
        URIDereferencer usual = XMLSignatureFactory.getInstance("DOM").getURIDereferencer();
        context.setURIDereferencer((reference, how) -> {
            if (reference.getURI().startsWith("#")) return usual.dereference(reference, how);
            try {
                return new OctetStreamData(new FileInputStream(Path.of(arguments[1], reference.getURI()).toFile()));
            } catch (FileNotFoundException missing) {
                throw new URIReferenceException(missing);
            }
        });
        XMLSignature signature = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
        boolean valid = signature.validate(context);
        System.out.println(valid ? "valid" : "INVALID");
        System.exit(valid ? 0 : 1);
    }

    /** The first certificate, if the authority issued it. */
    private static class TrustedKey extends KeySelector {
        private final CertificateFactory x509;
        private final X509Certificate authority;

        TrustedKey(CertificateFactory x509, X509Certificate authority) {
            this.x509 = x509;
            this.authority = authority;
        }

        public KeySelectorResult select(KeyInfo info, Purpose purpose, AlgorithmMethod method, XMLCryptoContext context)
                throws KeySelectorException {
            try {
                for (Object part : info.getContent()) {
                    if (!(part instanceof X509Data)) continue;
                    X509Certificate found = (X509Certificate) ((X509Data) part).getContent().get(0);
                    PKIXParameters trust = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
                    trust.setRevocationEnabled(false);
                    CertPathValidator.getInstance("PKIX").validate(x509.generateCertPath(List.of(found)), trust);
                    return found::getPublicKey;
                }
            } catch (Exception fault) {
                throw new KeySelectorException(fault);
            }
            throw new KeySelectorException("no X509Data");
        }
    }
}
