import { listFieldNames } from '#crm-client';

/**
 * Words from our texts in three languages, and of field names and codes of providers' APIs. None of
 * them is personal. Any other word may be a name, so it is masked. Add words here that are missing in
 * the journal.
 */
const WORDS = `
  ab abajo abandoned abierta abilities ability abort aborted about above abra abre abrieron abrir abrirlo abrió abroad abs absoluta absolute
  acaba acceder accept acceptance accepted accepting accepts accesible acceso access acción account accounts accounttokenexpiresat
  accounttokenhash acepta aceptada aceptado aceptan aceptar aceptó ack acknowledge acknowledged acknowledgement aclare acquire act actas
  acting action actionid activa activada activado activan activar active activity activo acts actual actualización actualizado actualizar
  actualize actívela adapte adapter adaptive add added addinstance addition additional address addressed addresses adds adelantan adicional
  adjust adjúntelo administra administrador administradores administrator administrators admita admite admiten adopt aduana advance adáptelo
  adónde ae aed affected affects after afterwards again age agent agents ago agotaron agotó ahead ahora ajustar ajustes al albaranes albarán
  alcanza alerta alertas alerts alfa algo alguien alguno algunos alive all alloc allow allowed allownegative allowprivatehosts allows allí
  almacenes almacén alone alpha already also although alto always ambas ambos amd amex ami among amount amounts an analogs analytics analyze
  ancestors ancho anchor and anew animation announce announced another answer answered answers antelación anterior anteriores antes antigua
  antiguas antiguo anula anulada anulado anular any anybody anything anyway anywhere análogos apagado aparece aparecen apart aparte api
  apikey apikeysealed apimessage apiship aplicación aplicar app appeal appear appears append application applied appliedbefore applies apply
  approve approved apro aprobada aprobado aprueban apruebe aquí archivado archived archivo archivos are areas arguments argv arial around
  array arriba arriesgado arrive arrived arrives ars article artículo artículos as ascii asegurado aside asignan asigne ask asked asking
  asks assert assessed assign assigns asterisk async así asígnele at atención atendida atendidas atiende attach attachments attempt attempts
  attended attention attributes au aud audio audit aunque auth authentication authorization auto autocomplete automatic automatically
  automáticamente automático autorización autónomo available avatar avisa avisan avise avisos await awaiting away azn añada añade añadida
  añadir añádalo aún back backend background backslashes bad badinputerror badline badlines baja bajos balance balances bancaria banco bank
  banner barcode barcodes bare barra barras base basename baseurl basic basis basket batch batches bcd be bearer became because becomes been
  before began begin beginning begins begun behind being believes belong belongs below beneath beside best bet between bg bgn bhd bicicleta
  bicycle bien bif billed billetera bits blacklist blanco blank blanks blob block blocked bloque bloqueada bloqueado bloquean bloqueó bnull
  bob body bold booked bookings boolean booleans borre bot botfather both botones bots botón bought bound boundary box br bracket break
  breaking breaks bridge bridges bring brings brl broke broken brought browser bucket buffer build buildbalancestatements building
  buildsettingsform built bulto bultos bundefined bundle bundling busca buscadas buscamos buscan buscar business businesses busy but button
  buttons buyer buyers buys by byid byn byprovider bytes básica búsqueda búsquelo ca cabecera cabinet cache cad cada caduca caducado caducó
  caja cajero calcula calculate calculator calendar calendario calidad call callback callbackerror callbackguard callbacks calle called
  caller callers callinfo calling calls callstart cambia cambiado cambiando cambiar cambiaron cambie cambio cambios cambió came camino
  camión campaign campo campos can canal canales cancel cancelada cancelado cancelados cancelar cancelarse cancele canceled cancellation
  cancelled cancelledstatus cancelling canceló cannot cantidad capital caption capturable capture captured car caracteres card cards care
  cargue carpeta carriage carried carrier carriers case cash cashless caso casualidad catch category catálogo caught causa cause cdek ceil
  cell cells centavos centimeter centimetres central centralita centre centro centros cents centésimas cercano cercanos cerrado cerrar
  certificado certificate certificates cf cffa ch chance change changed changes changestate channel channels characters charge chargebacks
  charged charges chars charset chat chats check checkbox checked checking checklist checkout checks chf choice choices choose chooses
  chosen chunk ciento cierre cifrado cifras cinco circle citan cities city ciudad ciudades claim claimduesettings claims clarify clase
  clases clasificación class classes clave claves clean clear cleared clf clic click clicks clid client cliente clientes clientid
  clientidhash clientidsealed clock clone close closed closest cloud clp cluster cm cny coalesce cobra cobrado cobrar cobrará cobre cobro
  cobró coche cod code codes coincide coinciden collect collected collects colon color colour column columnas columns comando comandos
  combinación combined come comentario comes comida comienzo coming comisiones comisión comma command commands commas comment commission
  commit commodity common como company comparable compare compared compares comparison comparisons compartida compiled completa complete
  completed completes completo component components composite compra comprado comprador compradores comprados comprobación comprobadas
  comprobado comprobamos comprobando comprobar comprobarlo comprueba compruebe compruébela compró comunes comunican con concat concedido
  condición condition conditions conectada conectado conectados conectan conectando conectar conectarse conecte conectó conexiones conexión
  conf config configura configuración configurada configuradas configurado configurando configurar configured confirm confirma confirmación
  confirmado confirmar confirmarse confirmation confirme confirmed confirms confirmó conflict confírmelo congelado congeló connect connected
  connection connectionentity connectionid connectionrow connections connector connects conoce conocido conocidos consent conserva conservar
  conservarlo consideró const consta construct constructible constructor consulta consultar consulte contabilizar contact contactar contacto
  contain contains contenido content contenthash contents contestó context contexto contiene contienen continuar continue continued
  continues continúa continúe contour contra contracargos contract contractfields contracts contradict contragent contraparte
  contrareembolso contraseña contrata contrato contratos control conversación conéctelo coordinates cop copiado copiar copie copied
  copurchase copy correct correcto correctos correo corresponden correspondent corresponsal corrija corríjalo corríjalos corta corto cos
  cosa cost coste costs cotiza cotización cotizar could count countchanged counted counter counterparty counting countries country counts
  courier couriers crc crea creada creado crean crear create created createdat createdefaultsettings createquerybuilder creates creating
  creation credenciales credentials credentialstoldat credit cree creó crm crmid crossdock crédito cs csv cuadran cualquier cualquiera
  cuando cuatro cub cubic cuenta cuentan cuentas cuotas cupón currencies currency current currentconnection currentmodule curso cursor
  custom customer customers customs cut cuya cuál cuándo cuánto cvc cx cy cz czk cálculos céntimos código códigos cómo cópiela cópielas
  cópielo cópielos da dado damaged dangerous dar dashboard dashes data database datasource date dated datos day days daytime dañado daños dd
  de deactivate deadline dealt debe deben debit decide decidir decimal decimales decimals decimeter decir declarado declarados declare
  declared declares decline declined decode decorated decorator decorators deeply default defaults defecto defina define defined
  defineprovider definir definition deja dejado dejará del delay delayed dele delete deleted deletes deleting deletion delimiter deliver
  delivered deliveries delivering delivery deliveryid deliveryids deliverypoints demand demasiadas demasiado demasiados demuestra demás
  dentro denuncian dep depende depends deployment depth desactiva desactivada desactivado desactivados desactive desactivó desactualizado
  desactívelo desarrolladores descanso descartadas desconocido desconéctelo describe described describemessenger describió descripción
  description descuentan descuento desde deshizo desordenados despachado despierta después destinatario destination destino destroy desvían
  detail details detectan detected detuvo developers development device devoluciones devolución devolver devolverse devolviendo devolvió
  devuelta devuelto devuelva devuelve dial dialled dialogue dialogues dials dice dictionary did diez differ difference differences different
  differently differs difiere diga digest digital digits dimensions dinero dinner dio direcciones dirección direct direction directories
  directory dirigido dirty disabled disappeared discarded discards disconnect disconnected disconnectedat discount discriminator disk
  dismiss dismissed dispatch dispatcher display disponible disponibles disposition disputa disputado dispute disputed disputes disputó
  distance distinto distributes disturbed divida divisible diálogo diálogos djf dk dkk dm do docs doctype document documento documentos
  documents does domains domicilio donde done door dop dos dots double doubles doubt down draft drop dropped drops dropunchanged dryrun dto
  dtoclass dudas due dueat duplica duplicado duplicate duplicated dura durante duration during débito déjela déjelo déle día días dígitos
  dónde each earlier earliest early east echo economy económico edificio edit editable editar edited editing edits ee efectivo effect eight
  either ej ejemplo ejemplos el electrónico elegir elegirse elegirá elemento elementos elige elija eliminada eliminado elimine eliminó ella
  ellas ello ellos else elsewhere elíjalos em email emit emita emoji empezar empiece empieza empiezan employed empresa empresas emptied
  empty en enable enabled encabezado encaja encarga encargar enciéndalo encode encoding encontrado encontramos encontraron encrypted
  encryption encrypts encuentra encuentran encuesta end ended endedat endpoint endpoints ends enero eng english enlace enlaces enlist enough
  enseguida enseña enter entered entero enteros enters entidad entities entity entitytype entonces entorno entrance entrante entrar entre
  entrega entregado entregan entregar entregaron entregas entregue entregó entretanto entries entry enum env envelope enviada enviado
  enviados enviar enviarse enviará environment enviándose envió envía envían envíe envíelo envíelos envío envíos epoch equal equivale erase
  erased erases error errordescription errormessage errormsg errors errortext erróneos es esa esas escanean escriba escriban escribe
  escribir escribirle escribirse escrito escritura escuchar ese espacio espacios español espera espere esta estaba estación estado estados
  estar estas este esto estos estuvo está están esté estén etapa etapas etiqueta etiquetas eur europe even evening event evento eventos
  events every everyday everyone everything exact examine examining example examples exceed exceeded exceeds exchange exchanges excise
  exclude excluidos excluyen exec execute exige exist existe existencias existing exists expand expected expedición expedirse expenses
  experiment experimento expire expired expires expiry explain explains explica export exports expose express expression exprés ext exten
  extends extension extensiones extensions extensión external externalid externalids externaluserid externo externos extra extract extradata
  extranjero facts factura facturas fail failed failing fails failure failuremessage failures falla fallado fallida fallido falló false
  falta faltan family far fast father favor fb fbf feature fecha fee fees fetch fetches few fewer ffd fff ffff fi ficha field fields fifth
  figura figure figures fila filas file filename files fill filled filter fin final finally find findbyid findchatmisfit findchoicemisfit
  findkindmisfit findlookupmisfit findmissing findone findoneby findrecoverymisfit finds findview findwebhookmisfit finish finished finite
  firma firmar firmarlo firmas first fiscal fiscales fit fits fitting five fix fixed flat flight float floor folder follow followed
  following follows fondos font foot for forbidden forget form forma format formatdate formato formats formatted forms forward forwarded
  foto found four fr fragment fragments frame franja franjas fraud fraude fraudulent frecuencia free freeform fresh freshuntil from front
  froze frozen fue fuentes fuera fulfilled full funciona function funds furgoneta further futura future fz físicas gain gambling game gastos
  gate gateway gather gathered gave gb gbp gcal gel general generales generate generation genere geo gestiona gestión gestor gestores get
  getparser getrepository gets gi gift gigabyte gigacalorie give giveaway given gives giving gmatch gnf go goes going gone good goods got gr
  grabaciones grabación gracias grafías gram grams grande grandes grant gratis greater gross group groups growing grupo grupos gs gte gtq
  guard guarda guardadas guardado guardados guardan guardar guardarlo guarde guardó guide guiones guárdelo guía ha haber haberse habrá había
  hace hacer hacerlo hacia had haga half han hand handed handled handler handlers handles handout handover hands hanging hangs hangup happen
  happened hará has hash hashimport hasta have hay haya he head header headers heads health hear hecho hechos height held here hex
  hexadecimal hget hh hidden hide highest him hint hints historia historial history hizo hk hmac hmget hnl hold holder holding holds home
  homeless hook hora horaria horario horas host hosted hostedmodule hostname hosts hour hourly hours house housing how hr href hset html
  http https hu hub hubs huf hundred hundredths hyphens hágalo iax icon id idempotence idempotency identificador identificadores
  identificarse identified identifier identifiers identify identity idioma idr ids ie if ignore igual iguales illegal ils im image imagen
  img immediately immutable implements import importe imported importedline importes importoptions importreport imports importtarget
  impossible impresión imprime imprimir imprimirlo in inbatches inbox included includes incluido incluir incluye income incoming incomplete
  incorrect incorrecto incorrectos incumple incumplir index indica indicadas indicado indicar indicó indique indiquen inferior infinity info
  información informar information inglés ingresos inicial iniciar inicio inició initial initialisers initially initials inline inner input
  inquires inquiry inr insert inside insight inspección inspection installed instalments instance instanceof instances instante instead
  insufficient insurance insured int intake intakes integer integraciones integración integration intellectual intent intenta intento
  intents intentándolo interactive interface interfaz intermedio internal internet interno internos interrupted interval intervalo intervals
  into introducida introducidos introducir introducirlo introduzca introdúzcalo inténtelo invalid inventories invertidas invisible
  invisibles invoice invoices invoiceuuid ip ipcity ipcountry ipv iqd ir is isarray isdefault iserased isfirstpart isk ismap isnumber iso
  isoptional isown isstring issue issued issuer isuniqueviolation it italic item items iterable its itself iva january javascript job jobs
  jod join joined joinwithoutloops journal jp jpy js json jsonb jsonl judged juego junto juntos jurídica just kassa kazajistán kazakhstan kb
  keep keepkey keepmemory keeprules keeps keepscopes keepsettings keepsnull kept key keyboard keyed keyof keys keyword kg kgs kilobyte
  kilogram kilogramo kilograms kilowatt kind kinds kit kmf know known knows kopecks krw kwd kwh kzt la label labels laborable laborables
  lack lacks lado landmark lane lanes lang language larga large larger largo las last lasts late lately later latest latin latinas latitud
  latitude layout le leads least leave leaving lectura led ledger ledgerimportentity lee leen leer left leg legal legs lejano length lengths
  less let letras lets letter letters level li liberar liberarlo liberó libre libres libro lies life lifetime lift like limit limita limitar
  limited limiter limits line linecap lines link links list lista listaccounts listed listen listened listener listeners listening
  listinstances listo lists liter little live ll llama llamada llamadas llamados llaman llamar llamarlo llame llamó llega llegado llegan
  llegó lleva llevan lo load loaded loading loadtimezone loan local location lock locked locker lockinstances log logged logger login logo
  logos lone long longer longest longestpausemin longitud longitude look looked lookup lookups loose lorry los lost lottery low lower lt lu
  lugar lugares lunch lv lyd límite límites línea líneas machine made mail main make makeinstance makes making mal management manager
  managers manages manera manifest manifiesto mano mantener manual manuales many map marca marcado marcados marcan marcar margin marked
  marketing marketplace marking markoverload marks markup markups marque masked match matched matcher matches math max maxdays maximum
  maxreplysize may mayor mayúsculas mañana mb mdl me mean meant meantime meanwhile measure measurement media medidas medio mediodía medios
  medium meets megabyte member members memo memories memory mend mended mends menor menores menos mensaje mensajero mensajeros mensajería
  mensajes menudo menú mercado mercancía merchant merge message messages messaging messenger meta metadata meter method metro mg mga mi
  middle midway miembros mientras migrations milliliter millimetres millionths millis milliseconds mime min minimum minor minute minutes
  minuto minutos minúsculas mir mire misfit misma mismo misnamed missed missedcode missing misspelt ml mm mobile modalidad mode modes
  modificado modificarse modo modos module modulecode moduleguard modules molestar moment momento moneda monedero monetary money monitor
  monospace month more morning moscú most mostrado mostrados mostrar mostrará motivo motocicleta motorcycle move moveaccount moved movement
  movements moves movieron movió moy mpeg ms msk mt much muchos muelle muestra muestran mueve multipart multiple must mx mxn my márquelo más
  máximo método mínima mínimo módulo móvil múltiplos na nacimiento nada nadie nalog name named nameoffers names nan narrow national
  navegador nconnection ncontent neach near nearest necesaria necesario necesita necesite need needed needs negative negativo negativos
  negocio neither nested nestloop net network networks never new newer newest newoffers news next nextcursor ngn ni nickname ninguna ninguno
  ningún nio niveles nl no nobody noche node nok nombra nombre nombres non nonce none nor normalize normas noroeste north nosniff not nota
  notapplied note noted notes notesettingsread nothing notice noticed notices notificaciones notification notifications notified notify now
  npm nuestra nuestro nueva nuevas nuevo nuevos null number numbered numbers numera numeric nunca nx nz nzd número números oauth object
  objeto oblast obligatoria obligatorio obligatorios obtendría occurred ocho octet oculto ocupa ocupado of oferta ofertas off offer offered
  offers office offset oficina ofrece ofrecer ofrecida ofrecidas ofrecidos ofrezca often ok old older oldest olds omit omita omr on once one
  ones online only opacity opción open opencheckout opened opening openmemory openrules opens opensettings openssl operación operador
  operating operation operations operator operators optional options or order ordered orderref orders origen origin originate originated
  originator other others otherwise otra otras otro otros our ours out outbox outcome outgoing output outside over overdue overflow overlap
  overload overloaded override overtaken overview overwrites owed own oxxo pab pack package packages packed packer packers packs padding
  paga pagado pagador pagar page paged pages pago pagos pague pagó paid pair palabra palabras panel papers paquete paquetes para param
  parameter parameters params parcel parcels parcial parking parse parsed parser parsestored part parte partes partial partner partners
  parts party parámetro pasa pasado pasarela paso pass passed password paste pasó patent patente path pathname patronymic pattern pausa
  pause paused pauses pay payed payer paying payload payment payments payout payouts pays país pbx pc pcs pdf pdfs pedido pedidos pedir
  pedirá peer pegue peligrosa pem pen penalise pendiente pending people pequeño per percent perdida perdidas perdido perdió perform
  performance period permiso permisos permission permissions permit permita permite permiten permitida permitir permitirlo permits permitted
  pero person persona personal personales personalizado personalizados peso pessimistic petición pexpire phone phones photo photos physical
  pi pick pickup picture pictures pida pide piden pie piece pieces pierde pierden pin ping piso pjsip pl place placed placeholder places
  plain plan planifica planned plans plantilla plantillas plataforma platform plazo plazos pln plus poco pocos point points policy poll pone
  ponga pool pop popularidad popularity por porque port portal posible posibles posix possible post postal postalcodes postales posteriores
  postgre postgres precio precios precision predicted preferably prefijo prefix pregunta preguntando preguntar preguntará preguntas pregunte
  pregúntele premium prepaga prepagados prepago prepaid prepara preparaba preparada preparan prepared prepayment preprocessing presence
  present press pressed presses prevented previous prevista previsto price priced prices pricing primer primera primero principal principio
  print printable printed printing priority privada private privilege prize pro probar probarlas problem problema problemas problems
  procesado procesando procesar process processed processes processing producción product production producto productos products profile
  program programa programas programs progress prometida promise promised promises pronto properties property propia propio propios propone
  proponer protocol protocols proveedor proves provider providererror providerkind providers providerstate provincia proxy prueba pruebas
  pruebe pruébelo pt public publica publicada published publishes pudieron pudo puede pueden puerta puerto puesto pulse punto puntos
  purchase purchaseprice purged push put puts px pyg página páginas pídalo pública qr quality quantity que queda quedan quedar quede quedó
  queried queries query queryrunner question questions queue queues quien quiere quitada quitar quite quitó quién quote quoted quotes
  quoting qué race rand random randomint randomtoken rang range rango rank ranked rate rates rato raw razón re reacción reach reached
  reaches react reaction reactions reacts read readable reader reading readonly reads readstate ready real reales realizará realizó really
  realpath reason rec recalculando recalculating recall recargo recargue receipt receipts receive received receiver receives recent
  reception rechaza rechazada rechazado rechazan rechazar rechazo rechazó reciba recibe reciben recibida recibido recibirlos recibo recibos
  recipient reclamo reclamos recoge recogemos recogida recogido recognise recognised recognized recomendaciones recomendación recommend
  recommendation recommendations reconcile reconciled reconciliation reconciliationid reconciliations reconoce reconocido record recorded
  recording recordings records recoveries recovery rect recuerdan recurring redes redirect redirects redis rediss redondear redondeo reduce
  reembolsado reembolsar reembolso reenter reenviado ref reference referencia refresh refreshed refund refundable refunded refunding refunds
  refusal refuse refused refusedcalls refuses regalo region regiones regions register registered registeredhash registering registers
  registra registrada registrado registradora registran registrando registration registrationerror registro registry registrándose registró
  región regla reglas reingresa reinstated reintenta reintentar reintentaremos reject rejected rejects rel release released rellena
  rellenado rellenar rellene reload rem remains remember remembered remitente remitentes remove removed renamed renew renewals renewed
  renovando reopens repaired reparte repartidor reparto repeat repeated repetida repetido repetimos repetir repita repite replace replaced
  replacement replaces replay replayed replied replies reply report reported reports repository reprogramado repítala repítalo request
  requested requests requiere require required requires rescheduled reserva reservado reservan reservar reservaría reservas reservation
  reservations reserve reserved reserves reservó reset resize resolve resolved resort resource respond responda responde responded responder
  respondido respondió responsable response responsible respuesta respuestas respóndalo rest restart restauró resto restore restored
  restores restricted restringida result resultado results resume resumen retailcrm retención retener retenido retiene retienen retirado
  retired retiró retorno retraso retries retrieve retry return returned returning returns reverse review revisando revisar revisarlo revise
  revoked revíselo rige rigen right rights ring ringing rings risk risky rk ro robada role roles rollback ron root roubles round rounding
  route routes row rows rub rublos rule ruled rules rulessealed run running runs rus rusia ruso russia russian ruta rwf rx régimen sabe safe
  said saldo saldos sale salen sales salida saliente salientes salir salto same sample samples sans sar satisfies saturada save saved
  savepoint saving say says sber sbp scale scaled scanned scene scenes schedule scheduled scope scopes script scroll sdk se sea seal sealed
  sealedlength search searching sec sección second seconds secret secreta secretkey secreto secrets secs section secure security see seen
  sees seguimiento segunda segundo segundos segura seguridad seguro según sek select selects self sell seller send sender senderfields
  senders sending sendmessage sends sent sentat sentido sep separado separated sequence ser serif serve served server serves service
  servicememory servicememorysealed services servicio servicios servidor será session sessions set setfrozenbyoperator sets setting settings
  settingsdueat settingserror settingssealed settle settled settleseconds seven several señales sg sha shadow shape shapeof share shared
  shift ship shipment shipmentaddress shipmentdate shipments shipped shop shops shorter shortest should show shown shows shutdown si side
  sides sido siempre siendo siete sign signal signals signature signatures signed signing signo signos signs sigue siguiente similar simla
  simple simplificado simplified simplify sin since single sip sirva sirve sistema site sites sitio sitios size sk skip sklad slash sleep
  slice slip slot small smaller snapshot so sobre sobrecargado social socio socket sockets sola solicita solicitado solicitando solicitud
  solicitudes solo solos some somebody something somewhere son sonaron sonará soon sooner soporte sort sorted sorteo sorting source sources
  southern sp spaces spam spanish spans spelling spellings spells spendaccounttoken splice split spoken spool spot spots sq sql square src
  ss stage staged stages stale stand standing stands start started starting starts stat state stated statement statements static station
  statistics stats status statuses statusrules stay stays step steps sticker sticky still stock stockchanges stocks stolen stop stopped
  stopping storage store stored storedconnection stores stories story strategy stream street strict strikethrough string stringify stripe
  stroke structured structuredclone style su subarray subject subjects submit subscribes subscription subscriptions succeed succeeded
  success such suena suficiente suficientes sugerida suggest suggested suggestions suggests sugiere sum suma suman summarize sums super
  supera superar superiores superó support supported supports sur sus suscribe suscripción suspicion sustituirla sustituto sustituyen suya
  suyo suyos svg sweeper switch switched switchedonagainat switches sym symbol sync synchronous system systemurl sí table tables take taken
  takes tal talk talking talks tamaño también tan tanto tantos taquilla tarda tarde tareas target tarifa tarifas tariff tarifflist tariffs
  tarjeta tarjetas task tax tb technology tecnología telefonía telegram telemetry telephony tell telloffers tells teléfono teléfonos
  template templates ten tendría tener tenga terabyte term termina terminada terminal terminar termine terminó terms test testpay tests text
  texto texts th than thank that thb the theclass their theirs them themselves then there these they this those three threw through throw
  thrown tick ticked tiempo tienda tiendas tiene tienen till timbre time timed timeout timer times timestamp timezone tipo tipos title
  titular tjs tld tmt tnd to todas todavía today todo todos together token tokens tokeycolumns told ton tone tonumber too tooffer took top
  torows total totals tp tr trabajará trace track tracker trae traen tramo tramos transaction transactions transfer transferencia transferir
  transferred transform transit transmitido transport transporte transportista transportistas tras trata tres trial tried tries trim true
  trunc try trying tránsito ttl turn turns tus twice two tx type typeof types uah ubicación ud ugx ui uint ul un una unacceptable
  unallocated unanswered unauthorized unavailable unblocked unchanged undamaged undefined undelivered under underline underscores understood
  undici unescape unescaped unexpected unfound unfreeze unfreezes unheard unidad unidades union unique unit units unixtime unknown unless
  unmeasured unnest uno unos unreachable unreadable unready unrecognised unrecognized unref unregistered unsafe unsettled unsigned
  unsubscribe until untold up update updated updatedat updateinstances updates upload uploading uploads upper uri url urlencoded us usa
  usable usado usan usar usd use used user userid username users uses using usted usuario usuarios usó utf utilizó utm uuid uuids uuidv uyi
  uyu uyw uzs va vacía vacío vale valen vales valid validate validateif validatenested validation validator valor valores value values van
  vanished var varias varios vat vaya ve vea veces vehicle vehículo velocity ven vence venció vendedor vender vendor venir ventana venue ver
  verb verdad verify version vez video vienen view viewport views violation virtual visible visit visita visitante visitas visitor visitors
  visits vnd voice void volume volumen volumétrico volver volveremos volverá volvió voucher vuelta vuelva vuelve vuv válida válido véala
  véase wait waited waiting waitingforcapture waits wake wakes wallet want wanted wants wantservices ware warehouse warehouses warn warning
  warnings was wasoff watch wav wavefmt way waybill waybills we web webhook webhooks webvisits weighs weight weights went were western what
  whatever whats whatsapp when where whether which while who whoever whole whom whose whsec why wider widget widgets width will window
  windows wire with withdraw withdrawal withdrawn within without won word words work worker working works would wrap write writes writestate
  written wrong www xaf xmax xml xmlid xmlns xof xpf ya year years yes yet yoo yookassa you your yours yourself yyyy za zadarma zd zero zip
  zm zona zonas zone zones ábrala ábralo área él últimas último últimos única абсолютным автоматически автомобиль автономная автономный
  администратор администратора адрес адреса адресами адресах адресов адресовано адресом адресу аккаунт аккаунта аккаунте аккаунтом аккаунту
  акты аналога аналоги аналогов английский артикул архиве атс аудио база базе базовая базовой баланс банк банка банке банковская банковский
  банком банкомат без безопасность берутся берёт бесплатно беспокоить бизнес ближайшему ближайшие близкой блокировка блокировки блокировку
  блокирует блокируют блокируются боевого боевой боевые более больше большое бот бота ботам ботов ботом боту боты браузере будет будут
  будущей букв буквами буквы бы бывает бывают был была было быстрее быть валюта валюте валютой валюту валюты вам варианта вас ваш ваша
  вашего вашей вашу введите введённое введёнными вверх вверху ввести вводите вводить веб вебхук вебхука вебхуками вебхуки вебхуков ведёт
  велика велики велико велосипед верните вернитесь вернувшееся вернул вернула вернулось вернулся вернутся вернуть вернуться верный вернётесь
  вес веса вечер вид вида виде виден видео видеть видит видна видно видны виды видят включатся включена включены включил включите
  включительно включить включён владелец владельца вложения вложено вместе вне внешнему внешние внешний вниз внимания внутреннего внутренней
  внутреннем внутренние внутренний внутренним внутренними внутренних внутренняя внутри во вовремя возврат возврата возвратов возвраты
  возвращается возвращаются возвращена возвращено возвращены возвращён возможность возникла возьмите войдите вокруг вопрос вопросы ворота
  восстановлена восьми вперёд временем времени время вручена вручено вручил вручить вручную вручён все всегда всем всеми всех вставьте всё
  второго второй вторым входе входит входящий вы выберет выберете выберите выбирает выбора выбрать выдала выдан выдаче выдачи выдаёт вызван
  вызвать вызов вызова вызовы вызывает вызывается вызывают выключен выключена выключенного выключено выключены выключите выключится
  выкуплено выписке выплаты выполнен выполнена выполнено выполнится выполняет выполняется выпустите высота выставлен выставьте вытесняют
  выхода вычитаются выше вышло гбайт где география гкал глубоко года город города городе городов городом готов готова готовил готовит готово
  готовятся гр груз грузовик групп группы да даже дайте дал дальнейшие дальше данные данными данных даны даст дата датой даты даёт два
  дважды две двери дверь движутся двоеточие двойным двумя двух двухстадийная двухстадийной де дебетовая действие действительным действия
  действует действуют действующего действующий дел делает делается делать делиться дело денег день деньги держит десять дефисов дефисы
  диалога диалогах диалоге диалоги диалогов диалплана диапазон диапазоне диапазоном длина длинная длиннее длинный длины для дм дн дней дня
  до добавить добавлено добавляет добавляется добавлять добавочного добавочные добавочный добавочным добавочных добавьте договор договора
  договорам договоре договоров договором договору договоры дождитесь дозвона документ документа документом документы долго долгота долей
  должен должна должно должны дом дома домофона дороге доставил доставить доставка доставки доставку доставлен доставлено доставлены
  доставляет доставляется доставок достигает доступ доступа доступе доступен доступный доступом доступы доходы доходят дошедшие дошла дошёл
  друг другая другие другим других другого другое другой другом другому другу другую его едет единица единицы единственное ему енвд если
  есть есхн ещё её жалуются ждёт же журнал за забираем забирает забирать заблокировал заблокировала заблокирована заблокированная
  заблокированные заблокированных заблокировано заблокированы заблокировать забора забран заведены заведённого завершает завершения
  завершено завершил завершите завершится завершён зависает зависит заглавными заглавных заголовка заголовке заголовок загрузите задайте
  задан заданное задано задержкой зазвонит займёт займётся заказ заказа заказами заказано заказах заказе заказов заказом заказу заказы
  заказывается закончен закончились закончится закройте закрыт закрыта закрыть закупочная заменил заменить заменяют заменён замечаются
  заморожен занимает заново занят занято записан записана записей записи записывается записывать записываются запись заплатил заполнено
  заполните заполнить заполняет запрашиваем запрашивает запрашивается запрет запрещены запрещён запрос запроса запросите запросов запросом
  запросы запрошен запрошенное запрошено запятой зарегистрировал зарегистрировала зарегистрирован зарегистрированы зарезервирована
  зарезервировано зарезервировать зарезервируйте затем заявки заявку заявлена звонит звонить звонка звонках звонки звонков звонком звонок
  звонящего звёздочкой здесь знает знаков знаком значение значением значений значения значениями зон зона зоне зону зоны игра идентификатор
  идентификатором идентификаторы идентифицировать идут идёт из известен известна известно известной известных изменение изменения изменено
  изменил изменились изменилось изменился измените изменить измерения или имеет именем имени имеющейся имя иначе индекс индекса индексов
  индексом индексы инн инструкции интеграции интеграция интервал интервала интервалов интервалы интернете интерфейс интерфейса искать
  исключает исключают исключённые испанский использован использована использовать используется используют исправьте истекает истекло история
  источники истёк исход исходящие исходящий исходящих итого их ищем ищется ищутся кабинета кабинете каждая каждого каждое каждой каждом
  каждые каждый каждым казахстана как какие каких какого какое какой какому календаре канал каналом каналы карт карта карте картинка картой
  карточке карточки карточку карту карты касса кассы каталоге качества качество кбайт кв квитанции квитанция квт кг килограмму классы клиент
  клиента клиентам клиентов клиентом клиенту клиенты ключ ключа ключами ключи ключом ключу кнопка кнопки кнопкой когда кого код кода кодами
  коде кодом коды количество колонками команду команды комиссия комментарий компании компания компаниям кому контакт контактное контекст
  контрагент контрагента контур контура контуре конца кончается копеек копировать короткая короткий короче корп корреспондентский косой
  которая которого которое которой которому которые который которым которых кошелёк кратного кредит кредите кредитная кто кубик куда купил
  куплены курс курьер курьера курьерская курьеру курьеры латиницей латинских легковой лежит ли либо лимит линий линию линия лифт лицо
  личного личном личные логин любого любое любой любом любому любым магазин магазина магазине магазинов магазином магазину магазины
  максимальная максимальный маркетплейсе маркированного маркировки мб мбайт менеджер менеджера менеджерам менеджеров менеджером менеджеру
  менеджеры менее меньше меньшее меньшей меньший меньших меню меняет меняется меняйте мессенджер мессенджера мест места местах месте место
  местоположение метро мин минимальная минимального минимальный минимум минус минут минуту минуты мл мм много мог могло могут модуле модулем
  модуль модулю модуля моего моему может можете можно мой момента мотоцикл мошенничество моём мы на набираются нажатие нажмите назад назвал
  назвала названа название названием названия названо названы назначен назначения назначьте называет наибольшая наибольший наименование
  наименьшая наименьшего наименьший найден найдено найдены найти накладная накладной накладных наличие наличные наличными налог
  налогообложения наложенного наложенный напечатать написание написания написать напишите направление например нарушает нарушение
  населённого населённый населённых настоящему настоящие настоящий настраивается настраивать настроек настроен настроенной настроено
  настроены настроить настройкам настройках настройки находит находится находятся наценка начала начале начало началом начался начата
  начатом начать начинается начинаться начинаются начните нашей нашему ндс не неактивен небольшое небольшую неверно неверные неверный
  неверных невидимых невозможен невозможна невозможно него недавно недолго недоставленные недостаточно недоступен недоступна недоступно
  недоступны неизвестен неизвестна неизвестно ней некорректная некорректный нельзя нему ненужный нескольких несколько нет нечего нечем неё
  ни ниже низкого низкое никогда никому никто ним них ничего ничьи но новая нового новое новом новую новые новый номер номера номере номеров
  номером номеру нужен нужна нужно нужны нужный нумерует нём об оба обед обещанный область облачная облачной обновить обновление обновлено
  обновляется обновлён обрабатывает обрабатывается обработал обработать образец обратитесь обратиться обратно обратной обращаться
  обслуживаемые обслуживает обслуживается общая общие общий общих объектом объявленная объявляйте объяснения объём объёмный обычный
  обязательно обязательны ограничения ограниченный ограниченным ограничил ограничить один одинаковых одна одним одних одно одновременно
  одного одной одном одному одностадийная одностадийную одну одобренного одобрила одобрит ожидает ожидается ожидался ожидания окне окно
  окончания округ округление округлять он она они онлайн оно опаздывают опасный оператор оператора оператором операции операция опечатка
  описание описании описанию оплата оплатах оплате оплатил оплатите оплатить оплатой оплату оплаты оплачен оплачена оплачено оплачивается
  оплачивал оприходуется опрос опросить опросом опубликованного ориентир осмотр осмотра осн основной основных оспаривает оспаривается
  оспорен оспорено оспорил оставлено оставьте остались осталось остальная остальное остальным останется остановил остатка остатках остатки
  остатков остаток остаются остаётся острова от ответ ответа ответил ответила ответили ответить ответов ответственного ответы ответьте
  отвечает отвечать отвечен отгружайте отгружено отгрузите отгрузить отгрузка отгрузке отгрузки отгрузку отдаются отдаёт отдельно отдельного
  отказ отказал отказала отказался отказано отказаться отклонена отклонено отклонил отклонила отклоняется отклонять отклоняются отклонён
  отключите отключён откроется откройте открывает открывается открыл открыли открыта открыто открыть откуда отличается отмена отменена
  отменено отменил отмените отменить отменяет отменён отменённый отменённых отметить отметьте отмеченные отмечены отображаемое отозвал
  отправители отправитель отправителю отправителя отправится отправить отправки отправлен отправление отправлений отправленного отправленные
  отправлено отправляет отправляется отправляйте отправлять отправляются отправьте отпустить отрицательными отсюда офис оформите оформлена
  оформление оформлением оформлении оформляется оформляются ошибка ошибки ошибкой панели панель папка папки папкой папку пара параметр
  паролем пароль партнёр партнёру пару патентная первая первую первый первым переадресуются перевод перевозки перевозчик перевозчика
  перевозчиком перевозчику перегружен перегружена перед передавать передайте передала передан переданный передано переданы передать передачи
  передаются передаёт передаётся перезвонили перейдите перейти перенесена перенос переносит перерыв пересекается переслано перестал
  перестанет пересчитывает переходите перечисленных перечислите перешли печатается печатать печатаются печати печатной печатные печатных
  пешком писать пишет планируемый планирует платежа платеже платежей платежи плательщик плати платит платите платить платные платный плату
  платформе платы платёж платёжной платёжном платёжный плюсом по повреждена повреждений повреждённым повтор повторе повторим повторите
  повторится повторить повторно повторов повторяем повторяется повторяйте повторяются под подарок подготовлен поддерживает поддерживается
  поддержка поддержки поддержкой поддержку подключается подключена подключение подключении подключений подключения подключено подключены
  подключите подключить подключиться подключён подключённый подождите подозрение подписать подписи подписка подписывается подписывать
  подпись подписью подробности подсказки подсказок подсказывает подтвердил подтвердит подтвердите подтвердить подтверждает подтверждения
  подтверждён подходит подходят подходящая подчёркиваний подчёркивания подъезд позволяет позвоните позвонить позже позиции позиций позиция
  поиска пока покажет показаны показать показывает показывается показывать показываются покупателе покупателей покупателем покупатели
  покупатель покупателю покупателя покупателям покупают покупки покупок поле полей полная полностью полный получает получал получателем
  получатель получателя получать получен получении полученный получено получены получит полчаса пользователей пользователь пользовательские
  пользовательского пользователя полю поля помнят попадают пополните попробовать попробуйте попросите популярности попытка попытку пор порт
  портом порядку посетитель посетителя посещение посещением посещения после последнего последнее последние посмотреть посмотрите поставщика
  поставьте постамата постамате посылка посылки посылку посылок потеряется потерял потерян потерянная потом потому почта почтовые почтовый
  почту почты поэтому появится пояс поясом прав права правами правил правила правилам правилами правилах правилом правильным править правки
  право превышен предел предела предлагаемые предлагаемых предлагает предлагается предлагать предмет предоплата предоплату предоплаченная
  предоплаченных предыдущее предыдущий прежде прежним прежних претензию префикс при приватном придут придёт приезд приезда приездом
  приезжают приложение приложении приложению приложения приложите применить пример примера примерка примерку примеров примет примечание
  примите примут принимает принимается принимают принимаются принял приняла принят принята принято приняты принять приостановлен прислала
  прислали присылать приходит приходят причин причина причину причины пришёл приёма пробелов проблем проблема проблемы пробное пробует
  проведено проведены проведите проверены проверил проверим проверить проверка проверку проверьте проверяем проверяет проверяется проверять
  проводит проводить программ программа программе программой продавать продавца продолжайте продуктом проигран произойдёт пройдёт прокси
  пропадёт пропустите пропущен пропущенные пропущенный просит просмотры проспект просрочена просыпается просьбе противоречат проходит
  проходят процента прочие прочитать прошло прошёл прямо публикует публичным пункт пункта пункте пунктов пункты пускает пусто пустое пустые
  пустым пути путём пять работает работать работы рабочее рабочий рабочих равно равный раз раза разблокировать разблокировка разговор
  раздела разделе разделите размер размеров размеры разным разрешает разрешение разрешения разрешениями разрешено разрешите разрешить
  разрешён раньше распознан распределяет рассрочке рассчитывается расходы расчёт расчёта расчёте расчётный расчёту расчёты реакции регион
  регионами регионов регионы регистрацию регистрируется реестр реестре реже режим режима режиме режимы резерв резерве резервирования
  резервировать резервирует резервируется резервируют резервом резервы результат рекламу рекламы рекомендаций решение решения рискованным
  рождения розыгрыш роли россии рубежом рублях руководство русский рядом сайта сайтов сайты сам сама самая сами самого самозанятый сбер сбой
  сборами сборов сбп сверху свидетельства свободен свободно своей своему свои своим своих свой своя своё связаться связи связь сгенерируйте
  сдал сдаются сдаёт сдаёте сделайте сделано сделать сдэк себя сейчас секрет секретного секретной секретный секретным секретом секунд
  секунду секунды семь сервер сервера сервере сервис сервиса сервисе сервисом сервису сети сетями силе символов символьный система
  системного сказано сканер скидка склад склада складе складов складской складу склады сколько скомплектуйте скопирована скопировать
  скопируйте скоро скрипт скрыт следующего следующее следующей следующий слишком слов слово служб служба службе службой службу службы случае
  случайно случайностью слушать слышно см сменили смог смотрите снаружи сначала снимет снова со собственные собственных событие событий
  события событиями совершён совместных совпадает содержать содержит соединила соединять создавать создайте создан создана создания создано
  создаёт создаётся сомнений сообщает сообщают сообщение сообщении сообщений сообщения сообщил сообщит сообщите соответствия соответствует
  сопоставьте сортировке сортировочного сортировочные сортировочный состоялся состояние состоянии состоять сотрудника сотруднику сотых
  сохранение сохранении сохранения сохранено сохранены сохранил сохраните сохранится сохранить сохранён сохранённое сочтён спасибо списана
  списание списания списано списаны списать списка списке списком список списывается списывать списываются спор способ способа способом
  способы спрашиваем спрашивает спросим спросит спросите спросить спросят сразу среди средняя срок сроки сроку ссылка ссылке ссылки ссылку
  ссылок ставит ставка ставки стадии стадийность стадию стадия стадиями стал станет станция старое старт старые старый статус статуса
  статусов статусы стать статья стикер стоимости стоимость стоит сторона стороны стр страна стране страница странице страницу страницы
  страной страны страхование страхованием страховку строк строка строке строки строкой строчными сумм сумма сумме сумму суммы сут схема
  схеме схему сходится сходятся счета счетах считает считается считал считать считаются счёт счёта счёте сюда та так такая также таким
  такими таких такого такой там таможенное таможенные тариф тарифа тарифами тарифов тарифом тарифы тбайт текст текстом текущем телефон
  телефона телефоне телефонии телефония телефонов телефоны тем теперь теряются тест тестах тестов тестового тестовой тестовом тестовые
  тестовый тестовыми тестовых тех технология течение тип типа то товар товара товарами товарах товаров товары тогда того тоже той токен
  токена токеном токены только том тот точек тракт транспорт транспорта требует трек тремя три уведомлений уведомления угодно удалена
  удалено удалил удалите удалить удалось удался удалён удержание удержания удержанное удержанных удержано удержаны удерживает удерживают
  удерживаются уже узнайте узнать узнаёт уйдёт укажет укажите указала указан указана указано указаны указать указывает украденная улица
  улицы умолчанию управления упрощённая условие услуг услуга услугами услуги успешных установлена устарела устареть утерян утеряна уточните
  утро уходят учитываются учёт учётные файл файла файлом файлы федерального физический формат формата формате формах формы фото фургон ффд
  хватает хоста хотя хочет хранение хранится хранить хранятся цветом целиком целым целыми цена ценах цене ценность центов центр центра
  центры цену цены цифр цифровая цифры час часа часов часовая часовой часовую часовым частичная частично частичный часто часть частями часы
  чат чата чатах чатов чаты чаще чей чек чека чеками чеках чеки чеков чем через черты четырёх числа число числом читается читать читаются
  чтение что чтобы чуть чьего чём шаблон шаблона шаблоне шаблону шаблоны шаг шага шестнадцатеричным ширина широта шифрования шифрует шк шлюз
  шлюза шт штрихкод штук экономичная эксперимента экспресс эл электронная электронной электронный элементов эта этаж эти этикетка этикетках
  этикетки этикеток этим этими этих это этого этой этом этому этот эту юридический юридическое юрлицо юрлицу является язык языка языке
  января
`;

/** Parts of names: `deliveryStatus_2` is `delivery`, `Status`. */
const PARTS = /\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})/gu;

let known: ReadonlySet<string> | undefined;

/** Lists the words of a text or a name, in lower case. */
export function listWords(text: string): string[] {
  return (text.match(PARTS) ?? []).map((word) => word.toLowerCase());
}

/** Whether a word comes from our texts or an API, so that it is not a person's name. */
export function isKnownWord(word: string): boolean {
  known ??= new Set([...WORDS.split(/\s+/), ...[...listFieldNames()].flatMap(listWords)]);
  return word.length === 1 || known.has(word);
}
