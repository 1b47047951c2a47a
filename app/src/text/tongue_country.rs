//! Names of countries on the pages of customers: those of the screens, and in the languages these do not speak
//! the names of the countries that shops of Europe deliver to. The others have their English name there.

use super::country::{self, sort_key};
use super::{Lang, public::Tongue};

/// Every country as code and name, in the language's alphabetical order.
#[must_use]
pub fn sorted(tongue: Tongue) -> Vec<(&'static str, &'static str)> {
    let lang = if tongue == Tongue::Fr { Lang::Fr } else { Lang::En };
    let mut list = country::sorted(lang);
    for (code, name) in &mut list {
        if let Ok(at) = NAMES.binary_search_by_key(code, |entry| entry.0) {
            let (_, de, nl, es, it) = NAMES[at];
            *name = match tongue {
                Tongue::De => de,
                Tongue::Nl => nl,
                Tongue::Es => es,
                Tongue::It => it,
                Tongue::En | Tongue::Fr => name,
            };
        }
    }
    list.sort_by_cached_key(|(_, name)| sort_key(name));
    list
}

/// German, Dutch, Spanish and Italian names, by code.
#[rustfmt::skip]
const NAMES: &[(&str, &str, &str, &str, &str)] = &[
    ("AD", "Andorra", "Andorra", "Andorra", "Andorra"),
    ("AL", "Albanien", "Albanië", "Albania", "Albania"),
    ("AR", "Argentinien", "Argentinië", "Argentina", "Argentina"),
    ("AT", "Österreich", "Oostenrijk", "Austria", "Austria"),
    ("AU", "Australien", "Australië", "Australia", "Australia"),
    ("BA", "Bosnien und Herzegowina", "Bosnië en Herzegovina", "Bosnia y Herzegovina", "Bosnia ed Erzegovina"),
    ("BE", "Belgien", "België", "Bélgica", "Belgio"),
    ("BG", "Bulgarien", "Bulgarije", "Bulgaria", "Bulgaria"),
    ("BR", "Brasilien", "Brazilië", "Brasil", "Brasile"),
    ("BY", "Belarus", "Belarus", "Bielorrusia", "Bielorussia"),
    ("CA", "Kanada", "Canada", "Canadá", "Canada"),
    ("CH", "Schweiz", "Zwitserland", "Suiza", "Svizzera"),
    ("CL", "Chile", "Chili", "Chile", "Cile"),
    ("CN", "China", "China", "China", "Cina"),
    ("CO", "Kolumbien", "Colombia", "Colombia", "Colombia"),
    ("CY", "Zypern", "Cyprus", "Chipre", "Cipro"),
    ("CZ", "Tschechien", "Tsjechië", "Chequia", "Cechia"),
    ("DE", "Deutschland", "Duitsland", "Alemania", "Germania"),
    ("DK", "Dänemark", "Denemarken", "Dinamarca", "Danimarca"),
    ("DZ", "Algerien", "Algerije", "Argelia", "Algeria"),
    ("EE", "Estland", "Estland", "Estonia", "Estonia"),
    ("EG", "Ägypten", "Egypte", "Egipto", "Egitto"),
    ("ES", "Spanien", "Spanje", "España", "Spagna"),
    ("FI", "Finnland", "Finland", "Finlandia", "Finlandia"),
    ("FR", "Frankreich", "Frankrijk", "Francia", "Francia"),
    ("GB", "Vereinigtes Königreich", "Verenigd Koninkrijk", "Reino Unido", "Regno Unito"),
    ("GR", "Griechenland", "Griekenland", "Grecia", "Grecia"),
    ("HR", "Kroatien", "Kroatië", "Croacia", "Croazia"),
    ("HU", "Ungarn", "Hongarije", "Hungría", "Ungheria"),
    ("IE", "Irland", "Ierland", "Irlanda", "Irlanda"),
    ("IL", "Israel", "Israël", "Israel", "Israele"),
    ("IN", "Indien", "India", "India", "India"),
    ("IS", "Island", "IJsland", "Islandia", "Islanda"),
    ("IT", "Italien", "Italië", "Italia", "Italia"),
    ("JP", "Japan", "Japan", "Japón", "Giappone"),
    ("LI", "Liechtenstein", "Liechtenstein", "Liechtenstein", "Liechtenstein"),
    ("LT", "Litauen", "Litouwen", "Lituania", "Lituania"),
    ("LU", "Luxemburg", "Luxemburg", "Luxemburgo", "Lussemburgo"),
    ("LV", "Lettland", "Letland", "Letonia", "Lettonia"),
    ("MA", "Marokko", "Marokko", "Marruecos", "Marocco"),
    ("MC", "Monaco", "Monaco", "Mónaco", "Monaco"),
    ("MD", "Republik Moldau", "Moldavië", "Moldavia", "Moldavia"),
    ("ME", "Montenegro", "Montenegro", "Montenegro", "Montenegro"),
    ("MK", "Nordmazedonien", "Noord-Macedonië", "Macedonia del Norte", "Macedonia del Nord"),
    ("MT", "Malta", "Malta", "Malta", "Malta"),
    ("MX", "Mexiko", "Mexico", "México", "Messico"),
    ("NL", "Niederlande", "Nederland", "Países Bajos", "Paesi Bassi"),
    ("NO", "Norwegen", "Noorwegen", "Noruega", "Norvegia"),
    ("NZ", "Neuseeland", "Nieuw-Zeeland", "Nueva Zelanda", "Nuova Zelanda"),
    ("PL", "Polen", "Polen", "Polonia", "Polonia"),
    ("PT", "Portugal", "Portugal", "Portugal", "Portogallo"),
    ("RO", "Rumänien", "Roemenië", "Rumanía", "Romania"),
    ("RS", "Serbien", "Servië", "Serbia", "Serbia"),
    ("RU", "Russland", "Rusland", "Rusia", "Russia"),
    ("SE", "Schweden", "Zweden", "Suecia", "Svezia"),
    ("SI", "Slowenien", "Slovenië", "Eslovenia", "Slovenia"),
    ("SK", "Slowakei", "Slowakije", "Eslovaquia", "Slovacchia"),
    ("SM", "San Marino", "San Marino", "San Marino", "San Marino"),
    ("TN", "Tunesien", "Tunesië", "Túnez", "Tunisia"),
    ("TR", "Türkei", "Turkije", "Turquía", "Turchia"),
    ("UA", "Ukraine", "Oekraïne", "Ucrania", "Ucraina"),
    ("US", "Vereinigte Staaten", "Verenigde Staten", "Estados Unidos", "Stati Uniti"),
    ("VA", "Vatikanstadt", "Vaticaanstad", "Ciudad del Vaticano", "Città del Vaticano"),
    ("XK", "Kosovo", "Kosovo", "Kosovo", "Kosovo"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_found_by_code_and_stand_in_the_order_of_their_names() {
        assert!(NAMES.is_sorted_by_key(|entry| entry.0));
        for tongue in Tongue::ALL {
            let list = sorted(tongue);
            assert_eq!(list.len(), country::sorted(Lang::En).len(), "{tongue:?}");
            assert!(list.is_sorted_by_key(|(_, name)| sort_key(name)));
        }
        assert!(sorted(Tongue::De).contains(&("AT", "Österreich")));
        assert!(sorted(Tongue::Fr).contains(&("DE", "Allemagne")));
        assert!(
            sorted(Tongue::It).contains(&("JM", "Jamaica")),
            "English where nothing else is known"
        );
    }
}
